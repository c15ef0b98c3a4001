import { commandsOn, programOf, simpleCommands } from "./commands.ts";
import { type Asked, not, type Question, unsure } from "./question.ts";

/** By program: where it fetches from, unless the host says otherwise. */
const registries: Readonly<Record<string, string>> = {
  npm: "$(npm config get registry 2>/dev/null || echo https://registry.npmjs.org/)",
  yarn: "https://registry.yarnpkg.com/",
  pnpm: "https://registry.npmjs.org/",
  bundle: "https://rubygems.org/",
  composer: "https://repo.packagist.org/packages.json",
  pip: "https://pypi.org/simple/",
  pip3: "https://pypi.org/simple/",
  uv: "https://pypi.org/simple/",
};

/** Only what the config needs: what prepare commands fetch from. Any answer will do. */
export function outbound(asked: Asked): readonly Question[] {
  const names = new Set(commandsOn(asked).flatMap(simpleCommands).map(programOf));
  const wanted = Object.entries(registries).filter(([program]) => names.has(program));
  return wanted.map(([program, place]) => ({
    about: `registry of ${program}`,
    level: "warn",
    run: [
      `place=${place}`,
      'if command -v curl >/dev/null 2>&1; then curl -sS -o /dev/null -m 5 "$place" 2>/dev/null',
      'elif command -v wget >/dev/null 2>&1; then wget -q -T 5 -O /dev/null "$place" 2>/dev/null',
      `else ${unsure("neither curl nor wget is there to ask $place with")}; fi ||`,
      not("$place does not answer from here: what is not carried over cannot be fetched", "curl -v $place"),
      'echo "deploy: $place answers" >&2',
    ].join("\n"),
    good: "it answers",
  }));
}
