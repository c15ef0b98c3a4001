import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { seed } from "../../packages/testkit/src/share.ts";
import { root } from "../lib/root.ts";
import { runNode } from "../lib/run.ts";
import { resting } from "../lib/turns.ts";
import { failed, type Stage, type Verdict } from "./stage.ts";

/** Jest's own summary; only what we count. */
export interface JestSummary {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  /** Files that broke before a test of theirs ran. */
  readonly numRuntimeErrorTestSuites: number;
}

/** Files that run at once in each lane: tests wait at least as often as they work. */
const width = 3;

/** More than a slow machine takes for a whole run: only a run that hangs is ended by it. */
const minutes = 90;

/** `fast` runs what needs no program but Node, parts run real programs. `beside`: its output is shown at the end, not as it comes. */
export function jestStage(
  kind: "fast" | "parts",
  env: NodeJS.ProcessEnv,
  { beside = false }: { readonly beside?: boolean } = {},
): Stage {
  return {
    name: kind === "fast" ? "jest" : "jest --parts",
    fast: kind === "fast",
    async run() {
      const folder = mkdtempSync(join(tmpdir(), "deploy-jest-"));
      const [file, log] = [join(folder, "summary.json"), join(folder, "log")];
      const said = () => (existsSync(log) ? readFileSync(log, "utf8") : "");
      const rest = resting(kind, seed);
      const args = [
        ...(kind === "parts" ? ["--parts"] : []),
        ...leftOut(rest),
        `--maxWorkers=${width}`,
        `--minutes=${minutes}`,
      ];
      try {
        const { code } = await runNode(
          join(root, "scripts/jest.ts"),
          [...args, "--json", `--outputFile=${file}`],
          { env, ...(beside ? { file: log } : { stream: true }) },
        );
        const summary = JSON.parse(readFileSync(file, "utf8")) as JestSummary;
        const verdict = jestVerdict(code, summary, said());
        return rest.length === 0 ? verdict : { ...verdict, notices: [restNotice(rest)] };
      } catch (error) {
        return failed(`${said()}\njest wrote no summary: ${String(error)}`);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  };
}

/** Beside what the configuration leaves out, which the command line replaces. */
function leftOut(rest: readonly string[]): readonly string[] {
  const always = ["/node_modules/", "/demo/.work/"];
  return rest.length === 0 ? [] : [...always, ...rest].map((path) => `--testPathIgnorePatterns=${path}`);
}

function restNotice(rest: readonly string[]): string {
  return `${rest.length} long test files have their turn on another day: \`npm run test:whole\``;
}

/** A run that says "failed" counts at least one failure, whatever its numbers say. Pure. */
export function jestVerdict(code: number, summary: JestSummary, log = ""): Verdict {
  const counted = summary.numFailedTests + summary.numRuntimeErrorTestSuites;
  return {
    passed: summary.numPassedTests,
    failed: code === 0 ? counted : Math.max(counted, 1),
    skipped: summary.numPendingTests + summary.numTodoTests,
    output: "",
    log,
    notices: [],
  };
}
