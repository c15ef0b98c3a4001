import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";

const folder = join(import.meta.dirname, "../../packages/remote/scripts");
const target = "packages/remote/src/scripts.gen.ts";

/** The host scripts, embedded: repository path -> text of the generated file. */
export async function generate(): Promise<Map<string, string>> {
  const files = (await readdir(folder)).filter((name) => name.endsWith(".sh")).sort();
  const sources = new Map<string, string>();
  for (const file of files) sources.set(basename(file, ".sh"), await readFile(join(folder, file), "utf8"));
  return new Map([[target, render(sources)]]);
}

/**
 * A source that ends in `main "$@"` is a script, every other one a part. A script names its parts in comments:
 * `# with a.sh b.sh` puts them before it, `# embeds c.sh with a.sh` hands it such a text in the variable `c`.
 */
export function render(sources: ReadonlyMap<string, string>): string {
  const isScript = (noun: string) => /^main "\$@"/m.test(sources.get(noun) ?? "");
  const nouns = [...sources.keys()];
  const parts = nouns.filter((noun) => !isScript(noun));
  const stripped = (noun: string) => JSON.stringify(strip(sources.get(noun) ?? ""));
  const lines = [
    "// Generated from packages/remote/scripts by `npm run generate`. Do not edit.",
    'import { quote } from "./quote.ts";',
    "",
    ...parts.map((noun) => `const ${noun} = ${stripped(noun)};`),
    "",
    "export const scripts = {",
    ...nouns
      .filter(isScript)
      .map((noun) => `  ${noun}: ${before(sources.get(noun) ?? "")} + ${stripped(noun)},`),
    "} as const;",
    "",
  ];
  return lines.join("\n");
}

/** The expression for what stands before a script's own text. */
function before(source: string): string {
  const named = (pattern: RegExp) => pattern.exec(source)?.[1]?.replaceAll(".sh", "").split(" ") ?? [];
  const [embedded, , ...its] = named(/^# embeds (.*)$/m);
  const inner = embedded && ["prelude", ...its, embedded].join(" + ");
  const runner = inner ? [`\`${embedded}=\${quote(${inner})}\\n\``] : [];
  return ["prelude", ...named(/^# with (.*)$/m), ...runner].join(" + ");
}

/** Without comment lines, blank lines and indentation. Here-documents would not survive this. */
export function strip(source: string): string {
  const lines = source.split("\n").map((line) => line.trim());
  if (lines.some((line) => /<<-?\s*['"\\]?[A-Za-z_]/.test(line)))
    throw new Error("here-documents cannot be embedded");
  return lines
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => `${line}\n`)
    .join("");
}
