import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { listFiles } from "./files.ts";
import { root } from "./root.ts";

/** Of the repository. */
export const folder = "packages/remote/scripts";

export interface Source {
  /** Path in `folder`. */
  readonly file: string;
  readonly text: string;
}

/** A text that a host gets, as nouns in their order. */
export interface Assembly {
  /** Of the last of them. */
  readonly noun: string;
  readonly pieces: readonly string[];
  /** The text that its last piece has in the variable of that noun. */
  readonly embedded?: Assembly;
}

/** By noun, sorted: a noun is the file's name, whatever folder it is in. */
export function readSources(): ReadonlyMap<string, Source> {
  const sources = new Map<string, Source>();
  for (const file of listFiles(join(root, folder)).filter((name) => name.endsWith(".sh"))) {
    const noun = basename(file, ".sh");
    if (sources.has(noun)) throw new Error(`two host scripts are called ${noun}.sh`);
    sources.set(noun, { file, text: readFileSync(join(root, folder, file), "utf8") });
  }
  return new Map([...sources].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What begins every script: the parts in prelude/. */
export function preludeOf(sources: ReadonlyMap<string, Source>): readonly string[] {
  return [...sources].filter(([, { file }]) => file.startsWith("prelude/")).map(([noun]) => noun);
}

/**
 * A source that ends in `main "$@"` is a script, every other one a part. A script names its parts in comments:
 * `# with a.sh b.sh` puts them before it, behind the prelude; `# embeds c.sh with a.sh` hands it such a text in the
 * variable `c`; `# alone` is sent as it is.
 */
export function assemblies(sources: ReadonlyMap<string, Source>): readonly Assembly[] {
  return [...sources]
    .filter(([, { text }]) => /^main "\$@"/m.test(text))
    .map(([noun, { text }]) => {
      if (/^# alone\b/m.test(text)) return { noun, pieces: [noun] };
      const [embedded, , ...its] = named(text, /^# embeds (.*)$/m);
      return {
        ...assembly(sources, named(text, /^# with (.*)$/m), noun),
        ...(embedded === undefined ? {} : { embedded: assembly(sources, its, embedded) }),
      };
    });
}

function assembly(sources: ReadonlyMap<string, Source>, parts: readonly string[], noun: string): Assembly {
  return { noun, pieces: [...preludeOf(sources), ...parts, noun] };
}

function named(text: string, pattern: RegExp): readonly string[] {
  return pattern.exec(text)?.[1]?.replaceAll(".sh", "").split(" ") ?? [];
}
