import type { Upload } from "../../config/types.ts";
import { quote } from "../../plan/words.ts";
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

/** Only what the config needs: what commands fetch from, and the store that hosts fetch releases from. Any answer will do. */
export function outbound(asked: Asked): readonly Question[] {
  const names = new Set(commandsOn(asked).flatMap(simpleCommands).map(programOf));
  const wanted = Object.entries(registries).filter(([program]) => names.has(program));
  const found = wanted.map(([program, place]) => question(`registry of ${program}`, place, unfetched));
  const { upload } = asked.config;
  return upload?.store === undefined
    ? found
    : [...found, question("store of uploads", storeOf(upload.store), sent)];
}

const unfetched = "what is not carried over cannot be fetched";
const sent = "each release comes through the runner instead";

/** Quoted: an endpoint may hold what a shell would read. */
function storeOf({ endpoint, region = "us-east-1" }: NonNullable<Upload["store"]>): string {
  return quote(endpoint ?? `https://s3.${region}.amazonaws.com/`);
}

function question(about: string, place: string, lost: string): Question {
  return {
    ...{ about, level: "warn" },
    run: [
      `place=${place}`,
      'if command -v curl >/dev/null 2>&1; then curl -sS -o /dev/null -m 5 "$place" 2>/dev/null',
      'elif command -v wget >/dev/null 2>&1; then wget -q -T 5 -O /dev/null "$place" 2>/dev/null',
      `else ${unsure("neither curl nor wget is there to ask $place with")}; fi ||`,
      not(`$place does not answer from here: ${lost}`, "curl -v $place"),
      'echo "deploy: $place answers" >&2',
    ].join("\n"),
    good: "it answers",
  };
}
