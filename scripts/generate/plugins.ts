import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../lib/root.ts";

const source = "packages/transport/plugins";
const target = "packages/transport/src/playbook/plugins.gen.ts";

/** What Ansible loads, embedded: repository path -> text of the generated file. */
export async function generate(): Promise<Map<string, string>> {
  const names = readdirSync(join(root, source))
    .filter((name) => name.endsWith(".py"))
    .sort();
  const lines = [
    `// Generated from ${source} by \`npm run generate\`. Do not edit.`,
    "export const plugins = {",
    ...names.map((name) => {
      const text = readFileSync(join(root, source, name), "utf8");
      return `  ${name.replace(/\.py$/, "")}: ${JSON.stringify(text)},`;
    }),
    "} as const;",
    "",
  ];
  return new Map([[target, lines.join("\n")]]);
}
