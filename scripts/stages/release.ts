import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { listActions } from "../build/actions.ts";
import { build } from "../build/build.ts";
import { listFiles, treeDigest } from "../lib/files.ts";
import { inPool } from "../lib/pool.ts";
import { root } from "../lib/root.ts";
import { run } from "../lib/run.ts";
import { which } from "../lib/which.ts";
import { type RenderOptions, render } from "../render/render.ts";
import { calledWorkflows } from "../render/workflows.ts";
import { smoke } from "./smoke.ts";
import { failed, missing, passed, type Stage, verdictOf } from "./stage.ts";

const bundles = join(root, "build", "dist");
const tree = (self: RenderOptions["self"]) => join(root, "build", "release", self);

/** What the workflow tests run. */
export const releaseTree = tree("explicit");

export const building: Stage = stage("build", async () => {
  await build(listActions(), bundles);
  return passed;
});

/** The same sources give the same bytes, or nobody can check what a release was made of. */
export const reproducing: Stage = stage("build again, same bytes", async () => {
  const folder = mkdtempSync(join(tmpdir(), "deploy-again-"));
  try {
    await build(listActions(), folder);
    return treeDigest(folder) === treeDigest(bundles) ? passed : failed("two builds differ");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

export const rendering: Stage = stage("render", async () => {
  for (const self of ["dollar", "explicit"] as const) {
    const options = { repository: "org/deploy", ref: "v1", self, out: tree(self) };
    render(options);
    const first = treeDigest(options.out);
    render(options);
    if (treeDigest(options.out) !== first) return failed(`two renderings (${self}) differ`);
  }
  return passed;
});

export const smoking: Stage = stage("bundles start", async () => {
  const problems: string[] = [];
  await inPool(2, listActions(), async (action) => {
    problems.push(...(await smoke(action, tree("explicit"))));
  });
  return problems.length === 0 ? passed : failed(problems.join("\n"));
});

/** What actionlint says of a key that GitHub has and it does not know yet. */
export const youngKey = '^unexpected key "queue" for "concurrency" section';

/** actionlint does not know `$/` yet, so it reads the explicit form. */
export function actionlint(strict: boolean): Stage {
  return stage("actionlint", async () => {
    const program = which("actionlint");
    if (program === undefined) return missing("actionlint", "see .ci/run", strict);
    const options = ["-no-color", "-ignore", youngKey];
    return verdictOf(await run(program, [...options, ...workflowsIn(tree("explicit")), ...ownWorkflows()]));
  });
}

export function zizmor(strict: boolean): Stage {
  return stage("zizmor", async () => {
    const program = which("zizmor");
    if (program === undefined) return missing("zizmor", "pip install zizmor, see .ci/run", strict);
    const args = ["--pedantic", "--offline", "--no-progress", "--config", join(root, ".github/zizmor.yml")];
    return verdictOf(await run(program, [...args, tree("dollar"), ...ownWorkflows()]));
  });
}

function workflowsIn(folder: string): readonly string[] {
  const workflows = join(folder, ".github", "workflows");
  return listFiles(workflows).map((file) => join(workflows, file));
}

/** Ours and those of the examples: what people copy must be clean too. */
function ownWorkflows(): readonly string[] {
  const examples = listFiles(join(root, "examples")).filter((file) =>
    /^[^/]+\/\.github\/workflows\//.test(file),
  );
  // The called ones are read as they are rendered.
  const ours = workflowsIn(root).filter((file) => !calledWorkflows().has(basename(file)));
  return [...ours, ...examples.map((file) => join(root, "examples", file))];
}

/** A stage that needs the rendered tree says so, and what it throws is its failure. */
function stage(name: string, work: Stage["run"]): Stage {
  return {
    name,
    fast: false,
    run: () =>
      existsSync(join(root, "actions"))
        ? work().catch((error: unknown) => failed(error instanceof Error ? error.message : String(error)))
        : Promise.resolve(failed("there is no folder actions/")),
  };
}
