import { commandsOn, programOf, simpleCommands } from "./commands.ts";
import { type Asked, not, type Question, unsure } from "./question.ts";

/** By program: who runs it, and how it tells its version. */
const runtimes: Readonly<Record<string, readonly [by: RegExp, tells: string]>> = {
  node: [/^(?:node|npm|npx|yarn|pnpm|corepack)$/, "node --version"],
  ruby: [/^(?:ruby|bundle|bin|rails|rake)$/, "ruby -e 'print RUBY_VERSION'"],
  python3: [/^(?:python3?|pip3?|uv|poetry)$/, "python3 --version"],
  php: [/^(?:php|composer)$/, "php -r 'echo PHP_VERSION;'"],
  go: [/^go$/, "go env GOVERSION"],
};

/** Versions of what commands run with, against what the repository names; hosts should have the same. */
export function runtimesOn(asked: Asked): readonly Question[] {
  const names = commandsOn(asked).flatMap(simpleCommands).map(programOf);
  return Object.entries(runtimes)
    .filter(([, [by]]) => names.some((name) => by.test(name)))
    .map(([program, [, tells]]) => {
      const wanted = asked.wanted[program];
      return {
        about: program,
        level: "warn",
        run: [
          `said=$(${tells} 2>/dev/null) || ${unsure(`${program} does not tell its version`)}`,
          `version=$(printf '%s' "$said" | sed 's/^[^0-9]*//; s/[^0-9.].*$//')`,
          'echo "alike: $version" >&2',
          ...(wanted === undefined
            ? []
            : [
                `case $version in ${wanted}|${wanted}.*) ;; *) ${not(
                  `${program} is $version, and the repository names ${wanted}`,
                  `install ${program} ${wanted} there`,
                )} ;; esac`,
              ]),
          'echo "deploy: $version" >&2',
        ].join("\n"),
        good: "it is there",
      } as const;
    });
}

/** By program, what these files of a repository name: plain versions only, since of a range a prefix says nothing. */
export function wantedVersions(files: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const tools = (files[".tool-versions"] ?? "")
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .map(([tool = "", version = ""]) => [
      { nodejs: "node", python: "python3", golang: "go" }[tool] ?? tool,
      version,
    ]);
  const single = Object.entries(singles).flatMap(([file, program]) =>
    files[file] === undefined ? [] : [[program, (files[file] ?? "").trim()]],
  );
  return Object.fromEntries(
    [...tools, ...single].flatMap(([program = "", text = ""]) => {
      const version = /^(?:v|ruby-|go)?(\d+(?:\.\d+){0,2})$/.exec(text)?.[1];
      return version === undefined || !Object.hasOwn(runtimes, program) ? [] : [[program, version]];
    }),
  );
}

const singles: Readonly<Record<string, string>> = {
  ".node-version": "node",
  ".nvmrc": "node",
  ".python-version": "python3",
  ".ruby-version": "ruby",
  ".php-version": "php",
};

/** The files that name versions. */
export const versionFiles: readonly string[] = [...Object.keys(singles), ".tool-versions"];
