// npm run bench:assets -- [--rounds 5] [--only build|publish]
// The built action (npm run build -- build-assets) against gulp, `aws s3 sync` and s5cmd, in turn, in one run.
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { benchBuild } from "./build.ts";
import { benchPublish } from "./publish.ts";

const { values } = parseArgs({
  options: { rounds: { type: "string", default: "5" }, only: { type: "string" } },
});
const rounds = Number(values.rounds);
const work = mkdtempSync(join(tmpdir(), "deploy-bench-"));
console.log(`Node ${process.versions.node}, ${availableParallelism()} cores`);
try {
  if (values.only !== "publish") await benchBuild(work, rounds);
  if (values.only !== "build") await benchPublish(work, rounds);
} finally {
  rmSync(work, { recursive: true, force: true });
}
