// `npm run test:shelf`: all of the asset shelf; the last line says what was compared, and how much of it is not as it was.
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "./lib/root.ts";
import { runNode } from "./lib/run.ts";

const folder = mkdtempSync(join(tmpdir(), "deploy-shelf-told-"));
const told = join(folder, "told");
const env = { ...process.env, DEPLOY_SHARE: "all", DEPLOY_SHELF_TOLD: told };
const args = ["test/assets/shelf", "--parts", ...process.argv.slice(2)];
const { code } = await runNode(join(root, "scripts/jest.ts"), args, { env, stream: true });
const rows = existsSync(told) ? readFileSync(told, "utf8").trim().split("\n") : [];
rmSync(folder, { recursive: true, force: true });
const counts = rows.map((row) => JSON.parse(row) as number[]);
const total = (at: number) => counts.reduce((sum, count) => sum + (count[at] ?? 0), 0);
console.log(
  `${rows.length} books: ${total(0)} pages, ${total(1)} addresses checked, ${total(2)} declarations compared, ${total(3)} differences`,
);
process.exitCode = code;
