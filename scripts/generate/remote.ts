import { type Assembly, assemblies, preludeOf, readSources, type Source } from "../lib/hostScripts.ts";

const target = "packages/remote/src/scripts.gen.ts";

/** The host scripts, embedded: repository path -> text of the generated file. */
export async function generate(): Promise<Map<string, string>> {
  return new Map([[target, render(readSources())]]);
}

function render(sources: ReadonlyMap<string, Source>): string {
  const prelude = preludeOf(sources);
  const all = assemblies(sources);
  const scripts = new Set(all.map(({ noun }) => noun));
  const stripped = (noun: string) => JSON.stringify(strip(sources.get(noun)?.text ?? ""));
  const before = ({ pieces }: Assembly) => {
    const parts = pieces.slice(0, -1);
    return parts.length === 0 ? [] : ["prelude", ...parts.slice(prelude.length)];
  };
  const script = (it: Assembly) => [
    ...before(it),
    ...(it.embedded === undefined ? [] : [embed(it.embedded.noun, before(it.embedded))]),
    stripped(it.noun),
  ];
  const lines = [
    "// Generated from packages/remote/scripts by `npm run generate`. Do not edit.",
    'import { quote } from "./quote.ts";',
    "",
    ...[...sources.keys()]
      .filter((noun) => !scripts.has(noun))
      .map((noun) => `const ${noun} = ${stripped(noun)};`),
    `const prelude = ${prelude.join(" + ")};`,
    "",
    "export const scripts = {",
    ...all.map((it) => `  ${it.noun}: ${script(it).join(" + ")},`),
    "} as const;",
    "",
  ];
  return lines.join("\n");
}

function embed(noun: string, parts: readonly string[]): string {
  return `\`${noun}=\${quote(${[...parts, noun].join(" + ")})}\\n\``;
}

/** Without comment lines, blank lines and indentation. Here-documents would not survive this. */
function strip(source: string): string {
  const lines = source.split("\n").map((line) => line.trim());
  if (lines.some((line) => /<<-?\s*['"\\]?[A-Za-z_]/.test(line)))
    throw new Error("here-documents cannot be embedded");
  return lines
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => `${line}\n`)
    .join("");
}
