// Runs jest as the ES module project it is: `npm run jest -- packages/core --parts`.
import { spawnSync } from "node:child_process";

const args = process.argv.slice(2);
const parts = args.includes("--parts");
const ran = spawnSync(
  process.execPath,
  [
    "--experimental-vm-modules",
    "--disable-warning=ExperimentalWarning",
    "node_modules/jest/bin/jest.js",
    ...(parts ? ["--runInBand"] : []),
    ...args.filter((arg) => arg !== "--parts"),
  ],
  { stdio: "inherit", env: { ...process.env, ...(parts ? { DEPLOY_PARTS: "1" } : {}) } },
);
process.exit(ran.status ?? 1);
