import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { between, table } from "../lib/markdown.ts";

interface Manifest {
  readonly description?: string;
  readonly inputs?: Readonly<Record<string, { description: string; required?: boolean; default?: string }>>;
  readonly outputs?: Readonly<Record<string, { description: string }>>;
}

const root = process.env.DEPLOY_ROOT ?? ".";

/** The READMEs of all actions with their tables as action.yml says, and the list of them: path below the repository -> text. */
export async function generate(): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  const lines: (readonly string[])[] = [];
  for (const name of (await readdir(join(root, "actions"))).sort()) {
    const folder = join("actions", name);
    const manifest = parse(await readFile(join(root, folder, "action.yml"), "utf8")) as Manifest;
    const readme = await readFile(join(root, folder, "README.md"), "utf8");
    files.set(join(folder, "README.md"), renderReadme(readme, manifest));
    lines.push([`[${name}](${folder})`, manifest.description ?? ""]);
  }
  const front = await readFile(join(root, "README.md"), "utf8");
  return files.set("README.md", between(front, "actions", table(["action", "does"], lines)));
}

/** Pure: puts both tables between their markers. Throws where a marker is missing. */
export function renderReadme(readme: string, manifest: Manifest): string {
  const inputs = Object.entries(manifest.inputs ?? {}).map(([name, input]) => [
    `\`${name}\``,
    input.default === undefined ? (input.required === true ? "required" : "") : `\`${input.default}\``,
    input.description,
  ]);
  const outputs = Object.entries(manifest.outputs ?? {}).map(([name, { description }]) => [
    `\`${name}\``,
    description,
  ]);
  return between(
    between(readme, "inputs", table(["Input", "Default", "Meaning"], inputs)),
    "outputs",
    table(["Output", "Meaning"], outputs),
  );
}
