// `npm test`: every stage, whatever the one before it said; the last line is the count. Two lanes run side by side, since
// each often waits (docs/decisions/0013-test-time.md): what needs the release tree after it, and what needs Node alone.
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { jestStage } from "./stages/jest.ts";
import {
  actionlint,
  building,
  releaseTree,
  rendering,
  reproducing,
  smoking,
  zizmor,
} from "./stages/release.ts";
import { biome, generated, imports, shellcheck, types } from "./stages/sources.ts";
import { closingLine, runSteps, type Stage, type Step, total, type Verdict } from "./stages/stage.ts";

const args = process.argv.slice(2);
if (args.some((arg) => arg !== "--fast")) {
  console.error("usage: npm test, or npm run check (the same as --fast)");
  process.exit(2);
}
const strict = process.env.CI === "true";
const scratch = mkdtempSync(join(tmpdir(), "deploy-test-"));
const noticesFile = join(scratch, "notices");
const env = { ...process.env, DEPLOY_NOTICES: noticesFile, DEPLOY_TREE: releaseTree };

const sources = [biome, types, imports, shellcheck(strict), generated];
const release = [building, reproducing, rendering, smoking, actionlint(strict), zizmor(strict)];
const steps: readonly Step[] = args.includes("--fast")
  ? [[sources.filter((stage) => stage.fast)], [[jestStage("fast", env)]]]
  : [[[...sources, ...release, jestStage("parts", env)], [jestStage("fast", env, { beside: true })]]];
const verdicts = await runSteps(steps, show);

const written = existsSync(noticesFile) ? readFileSync(noticesFile, "utf8").split("\n") : [];
const notices = [...new Set([...verdicts.flatMap((verdict) => verdict.notices), ...written])].filter(Boolean);
rmSync(scratch, { recursive: true, force: true });
if (notices.length > 0) console.log("\nNot run on this machine:");
for (const notice of notices) console.log(`- ${notice}`);
const counts = total(verdicts);
console.log(closingLine(counts));
process.exit(counts.failed === 0 ? 0 : 1);

function show(stage: Stage, verdict: Verdict, seconds: number): void {
  const word = verdict.failed > 0 ? "FAILED" : verdict.passed > 0 ? "ok" : "skipped";
  const said = [verdict.log ?? "", verdict.failed > 0 ? verdict.output : ""].map((text) => text.trimEnd());
  const line = `${word.padEnd(7)} ${stage.name.padEnd(24)}${seconds.toFixed(1).padStart(7)} s`;
  console.log([...said.filter((text) => text !== ""), line].join("\n"));
}
