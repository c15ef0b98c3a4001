import { createHash } from "node:crypto";
import { join } from "node:path";
import {
  type ActionContext,
  type ActionResult,
  checkoutOf,
  type KeptFolder,
  keptFolder,
  runAction,
} from "@deploy/action-kit";
import { runBuild } from "@deploy/artifact";
import { type AssetsReport, isAssetWorker, runAssets, runAssetWorker } from "@deploy/assets";
import { type Assets, mintReleaseId } from "@deploy/core";
import { type Inputs, inputs, readInputs } from "./inputs.ts";
import { nothingToDo, tell } from "./result.ts";
import { findAssets } from "./settings.ts";
import { openTarget } from "./store.ts";

// Compilers run side by side in threads of this very file.
if (isAssetWorker()) await runAssetWorker();
else await runAction({ inputs, read: readInputs, main: buildAssets });

/** Builds, fingerprints, publishes, prunes: what the config and the inputs ask for, and nothing halfway. */
async function buildAssets(inputs: Inputs, context: ActionContext): Promise<ActionResult> {
  const { github, log, signal, temporary } = context;
  const { assets, folders, ...found } = await findAssets(inputs, context);
  if (assets === undefined) return nothingToDo;
  const target = openTarget(assets.publish, inputs, context, folders);
  const now = new Date();
  const folder = join(temporary, "deploy-assets-cache");
  const kept = inputs.cache && inputs.phase !== "publish" ? keptFolder("assets", folder, log) : undefined;
  await kept?.restore();
  try {
    const report = await runAssets({
      assets,
      root: github.workspace,
      phase: inputs.phase,
      credentials: hasCredentials(inputs, assets),
      release: inputs.release ?? mintReleaseId(now, github.sha),
      now,
      dryRun: inputs.dryRun,
      prune: inputs.prune,
      cache: folder,
      signal,
      ...target,
      ...found,
      ...(inputs.takeOver === undefined ? {} : { takeOver: inputs.takeOver }),
      command: (run) => runBuild({ ...checkoutOf(context), commands: [{ run }] }),
      onPhase: (title) => log.group(title),
      onProgress: progress(log),
      onWarning: (text, place) => log.warning(text, annotation(place)),
    });
    await keep(kept, report);
    log.endGroup();
    return tell(report, assets, inputs, log);
  } finally {
    target.store?.close();
  }
}

/** Whoever publishes to a bucket has a key or can get one, wherever it comes from. */
function hasCredentials({ keys, purgeToken, phase }: Inputs, { publish }: Assets): boolean {
  const bucket = phase === "all" && publish?.store.to.startsWith("s3://") === true;
  return bucket || keys !== undefined || purgeToken !== undefined;
}

/** A line at every tenth: a log is read, not watched. */
function progress(log: ActionContext["log"]) {
  let told = 0;
  return (done: number, total: number, path: string): void => {
    const tenth = total === 0 ? 10 : Math.floor((done / total) * 10);
    if (tenth === told) return;
    told = tenth;
    log.text(`${done} of ${total}: ${path}`);
  };
}

function annotation(place: { file: string; line?: number; column?: number } | undefined) {
  if (place === undefined) return {};
  const { file, line, column } = place;
  return {
    file,
    ...(line === undefined ? {} : { startLine: line }),
    ...(column === undefined ? {} : { startColumn: column }),
  };
}

/** Named by what was made, so that a run which made the same keeps nothing twice. */
async function keep(kept: KeptFolder | undefined, { built, index }: AssetsReport): Promise<void> {
  if (built === undefined) return;
  await kept?.save(createHash("sha256").update(JSON.stringify(index)).digest("hex").slice(0, 32));
}
