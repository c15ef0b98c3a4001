import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../lib/root.ts";
import { runNode } from "../lib/run.ts";
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

/** `fast` runs what needs no program but Node; parts run real programs, one file at a time. */
export function jestStage(kind: "fast" | "parts", env: NodeJS.ProcessEnv): Stage {
  return {
    name: kind === "fast" ? "jest" : "jest --parts",
    fast: kind === "fast",
    async run() {
      const folder = mkdtempSync(join(tmpdir(), "deploy-jest-"));
      const file = join(folder, "summary.json");
      try {
        const { code } = await runNode(
          join(root, "scripts/jest.ts"),
          [...(kind === "parts" ? ["--parts"] : []), "--json", `--outputFile=${file}`],
          { stream: true, env },
        );
        return jestVerdict(code, JSON.parse(readFileSync(file, "utf8")) as JestSummary);
      } catch (error) {
        return failed(`jest wrote no summary: ${String(error)}`);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  };
}

/** A run that says "failed" counts at least one failure, whatever its numbers say. Pure. */
export function jestVerdict(code: number, summary: JestSummary): Verdict {
  const counted = summary.numFailedTests + summary.numRuntimeErrorTestSuites;
  return {
    passed: summary.numPassedTests,
    failed: code === 0 ? counted : Math.max(counted, 1),
    skipped: summary.numPendingTests + summary.numTodoTests,
    output: "",
    notices: [],
  };
}
