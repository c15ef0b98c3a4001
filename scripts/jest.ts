// Runs jest as the ES module project it is: `npm run jest -- packages/core --parts`.
import { spawnSync } from "node:child_process";

const args = process.argv.slice(2);
const parts = args.includes("--parts");
/** A parts test alone has the machine for itself; `npm test` says how many may share it. */
const alone = parts && !args.some((arg) => arg.startsWith("--maxWorkers"));
const ran = spawnSync(
  process.execPath,
  [
    "--experimental-vm-modules",
    "--disable-warning=ExperimentalWarning",
    "node_modules/jest/bin/jest.js",
    ...(alone ? ["--runInBand"] : []),
    ...args.filter((arg) => arg !== "--parts"),
  ],
  { stdio: "inherit", env: { ...process.env, ...(parts ? { DEPLOY_PARTS: "1" } : {}) } },
);
process.exit(ran.status ?? 1);
