// Runs jest as the ES module project it is: `npm run jest -- packages/core --parts`. `--minutes=60` ends a run that hangs.
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { descendantsOf, signalTo } from "../packages/testkit/src/processes.ts";
import { root } from "./lib/root.ts";

const args = process.argv.slice(2);
const parts = args.includes("--parts");
/** A parts test alone has the machine for itself; `npm test` says how many may share it. */
const alone = parts && !args.some((arg) => arg.startsWith("--maxWorkers"));
const minutes = args.find((arg) => arg.startsWith("--minutes="))?.split("=")[1];
const ours = ["--parts", `--minutes=${minutes}`];
/** A file in it for each test file that has begun and has not ended. */
const begun = mkdtempSync(join(tmpdir(), "deploy-begun-"));

const child = spawn(
  process.execPath,
  [
    "--experimental-vm-modules",
    "--disable-warning=ExperimentalWarning",
    "node_modules/jest/bin/jest.js",
    ...(alone ? ["--runInBand"] : []),
    ...args.filter((arg) => !ours.includes(arg)),
  ],
  {
    stdio: "inherit",
    env: {
      ...process.env,
      DEPLOY_BEGUN: begun,
      // Tests start our programs hundreds of times.
      NODE_COMPILE_CACHE: join(root, "build", "compiled"),
      ...(parts ? { DEPLOY_PARTS: "1" } : {}),
    },
  },
);
const late = minutes === undefined ? undefined : setTimeout(end, Number(minutes) * 60_000);
child.on("close", (code) => {
  clearTimeout(late);
  rmSync(begun, { recursive: true, force: true });
  process.exitCode = code ?? 1;
});

/** Jest and its workers at once: one that is stuck in a loop hears nothing else. */
function end(): void {
  const files = readdirSync(begun).map((name) => relative(root, decodeURIComponent(name)));
  console.error(`jest is ended after ${minutes} minutes; not over: ${files.join(", ") || "no test file"}`);
  const pid = child.pid ?? 0;
  for (const each of [pid, ...descendantsOf(pid)]) signalTo(each, "SIGKILL");
}
