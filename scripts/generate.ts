// Writes every generated file; with --check it writes nothing, and fails when one is stale.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "./lib/root.ts";

interface Generator {
  /** Path in the repository -> the text it must have. */
  generate(): Promise<Map<string, string>>;
  /** What is wrong and no writing mends, a line each. */
  problems?(): Promise<readonly string[]>;
}

const args = process.argv.slice(2);
const check = args.includes("--check");
if (args.some((arg) => arg !== "--check")) {
  console.error("usage: npm run generate [-- --check]");
  process.exit(2);
}

const stale: string[] = [];
const wrong: string[] = [];
let count = 0;
// One after the other: some packages import what an earlier generator writes.
for (const file of readdirSync(join(root, "scripts/generate")).sort()) {
  const { generate, problems } = (await import(join(root, "scripts/generate", file))) as Generator;
  wrong.push(...((await problems?.()) ?? []));
  for (const [path, text] of await generate()) {
    count += 1;
    const target = join(root, path);
    if (existsSync(target) && readFileSync(target, "utf8") === text) continue;
    stale.push(path);
    if (check) continue;
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text);
  }
}
for (const path of stale) console.log(check ? `stale: ${path}` : `wrote ${path}`);
if (check && stale.length > 0) console.error("Run `npm run generate` and commit what it writes.");
for (const line of wrong) console.error(line);
console.log(`${count} generated files, ${stale.length} ${check ? "stale" : "written"}`);
process.exit(wrong.length > 0 || (check && stale.length > 0) ? 1 : 0);
