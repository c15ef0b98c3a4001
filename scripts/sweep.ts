// `npm run test:sweep`: the sweeps, all of each; the last line says how many operations were cut, in how many runs, and what failed.
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "./lib/root.ts";
import { runNode } from "./lib/run.ts";

const folder = mkdtempSync(join(tmpdir(), "deploy-swept-"));
const told = join(folder, "told");
const env = { ...process.env, DEPLOY_SWEEP: "all", DEPLOY_SWEEP_TOLD: told };
const { code } = await runNode(
  join(root, "scripts/jest.ts"),
  ["test/sweep", "--parts", ...process.argv.slice(2)],
  {
    env,
    stream: true,
  },
);
const lines = existsSync(told) ? readFileSync(told, "utf8").trim().split("\n") : [];
rmSync(folder, { recursive: true, force: true });
console.log(lines.length === 0 ? "no sweep came to its end" : lines.join("; "));
process.exitCode = code;
