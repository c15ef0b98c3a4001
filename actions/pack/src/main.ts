import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import {
  type ActionContext,
  type ActionResult,
  artifactName,
  checkoutOf,
  downloadFiles,
  runAction,
  saveHandOver,
  uploadFiles,
} from "@deploy/action-kit";
import { runBuild, unpackSource } from "@deploy/artifact";
import { type Config, count, dataSize } from "@deploy/core";
import { checkedOut, loadConfig, packRelease } from "@deploy/session";
import { type Inputs, inputs, readInputs } from "./inputs.ts";

await runAction({ inputs, read: readInputs, main: pack });

/** Builds and packs, leaves the result for later steps of this job, and uploads it for later jobs. */
async function pack(inputs: Inputs, context: ActionContext): Promise<ActionResult> {
  const { log, temporary } = context;
  const { sha, ...checkout } = checkoutOf(context);
  const config = await loadConfig({ ...inputs.settings, root: checkout.root });
  if (inputs.phase === "build") return buildOnly(config, context);
  const folder = inputs.artifact === undefined ? {} : { folder: await fetch(inputs.artifact, context) };
  const directory = await mkdtemp(join(temporary, "deploy-packed-"));
  log.group("pack");
  const { artifact } = await packRelease({
    ...checkout,
    ...folder,
    config,
    directory,
    build: inputs.artifact === undefined && inputs.phase === "all",
    commit: await checkedOut(checkout, sha),
  });
  await saveHandOver(context, inputs.handOver, { artifactDirectory: directory, dryRun: inputs.dryRun });
  const name = inputs.artifactName ?? artifactName("release", config);
  const wanted = inputs.upload && !inputs.dryRun;
  const uploaded = wanted ? await uploadFiles(name, directory, inputs.retentionDays, log) : undefined;
  return {
    result: inputs.dryRun ? "planned" : "prepared",
    headline: `Packed ${count(artifact.files, "file")}, ${dataSize(artifact.bytes)}, as ${artifact.digest.slice(0, 12)}`,
    outputs: {
      "artifact-id": uploaded?.id ?? "",
      "artifact-name": uploaded === undefined ? "" : name,
      "artifact-digest": artifact.digest,
      files: String(artifact.files),
      bytes: String(artifact.bytes),
    },
  };
}

/** For jobs that do more between building and packing, such as building assets. */
async function buildOnly({ build: commands }: Config, context: ActionContext): Promise<ActionResult> {
  context.log.group("build");
  await runBuild({ ...checkoutOf(context), commands });
  return { result: "prepared", headline: `Ran ${commands.length} build commands`, outputs: {} };
}

/** An artifact keeps neither modes, links nor dot files; a tar in it keeps all of them. */
async function fetch(artifact: string, { temporary, log }: ActionContext): Promise<string> {
  const folder = await mkdtemp(join(temporary, "deploy-source-"));
  await downloadFiles(artifact, folder, log);
  return unpackSource(folder, await mkdtemp(join(temporary, "deploy-unpacked-")));
}
