// `npm test`: every stage, whatever the one before it said; the last line is the count.
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
import { closingLine, type Stage, total, type Verdict } from "./stages/stage.ts";

const args = process.argv.slice(2);
if (args.some((arg) => arg !== "--fast")) {
  console.error("usage: npm test, or npm run check (the same as --fast)");
  process.exit(2);
}
const strict = process.env.CI === "true";
const scratch = mkdtempSync(join(tmpdir(), "deploy-test-"));
const noticesFile = join(scratch, "notices");
const env = { ...process.env, DEPLOY_NOTICES: noticesFile, DEPLOY_TREE: releaseTree };

const stages: readonly Stage[] = [
  ...[biome, types, imports, shellcheck(strict), generated],
  ...[building, reproducing(strict), rendering, smoking, actionlint(strict), zizmor(strict)],
  ...[jestStage("fast", env), jestStage("parts", env)],
].filter((stage) => stage.fast || !args.includes("--fast"));

const verdicts: Verdict[] = [];
for (const stage of stages) verdicts.push(await runStage(stage));

const written = existsSync(noticesFile) ? readFileSync(noticesFile, "utf8").split("\n") : [];
const notices = [...new Set([...verdicts.flatMap((verdict) => verdict.notices), ...written])].filter(Boolean);
rmSync(scratch, { recursive: true, force: true });
if (notices.length > 0) console.log("\nNot run on this machine:");
for (const notice of notices) console.log(`- ${notice}`);
const counts = total(verdicts);
console.log(closingLine(counts));
process.exit(counts.failed === 0 ? 0 : 1);

async function runStage(stage: Stage): Promise<Verdict> {
  const start = performance.now();
  const verdict = await stage.run();
  const seconds = ((performance.now() - start) / 1000).toFixed(1).padStart(7);
  const word = verdict.failed > 0 ? "FAILED" : verdict.passed > 0 ? "ok" : "skipped";
  if (verdict.failed > 0 && verdict.output !== "") console.log(verdict.output.trimEnd());
  console.log(`${word.padEnd(7)} ${stage.name.padEnd(24)}${seconds} s`);
  return verdict;
}
