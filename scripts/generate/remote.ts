import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";

const folder = join(import.meta.dirname, "../../packages/remote/scripts");
const target = "packages/remote/src/scripts.gen.ts";

/** The host scripts, embedded: repository path -> text of the generated file. */
export async function generate(): Promise<Map<string, string>> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".sh")).sort();
  const sources = await Promise.all(
    names.map(
      async (name) => [basename(name, ".sh"), strip(await readFile(join(folder, name), "utf8"))] as const,
    ),
  );
  const prelude = sources.find(([noun]) => noun === "prelude")?.[1] ?? "";
  const entries = sources
    .filter(([noun]) => noun !== "prelude")
    .map(([noun, text]) => `  ${noun}: prelude + ${JSON.stringify(text)},\n`);
  const header = "// Generated from packages/remote/scripts by `npm run generate`. Do not edit.\n";
  return new Map([
    [
      target,
      `${header}const prelude = ${JSON.stringify(prelude)};\n\nexport const scripts = {\n${entries.join("")}} as const;\n`,
    ],
  ]);
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
