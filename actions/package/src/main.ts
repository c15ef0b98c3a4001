import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import {
  type ActionContext,
  type ActionResult,
  checkoutOf,
  packedDirectory,
  runAction,
  storeIdentity,
} from "@deploy/action-kit";
import { type Config, count, dataSize } from "@deploy/core";
import { publish, type Repository } from "@deploy/package";
import { findRelease, loadConfig } from "@deploy/session";
import {
  buildPackages,
  offered,
  openPackages,
  packageSigner,
  stateReleaseTested,
} from "@deploy/session/packages";
import { type Inputs, inputs, readInputs } from "./inputs.ts";

await runAction({ inputs, read: readInputs, main: packages });

/** Makes a release's packages and publishes them, or states that published ones were tested. */
async function packages(inputs: Inputs, context: ActionContext): Promise<ActionResult> {
  const config = await loadConfig({ ...inputs.settings, root: context.github.workspace });
  // The key and the store are looked at before minutes of packing.
  const repository = inputs.phase === "build" ? undefined : open(config, inputs, context);
  try {
    return await (repository !== undefined && inputs.phase === "tested"
      ? state(repository, inputs, context)
      : make(config, repository, inputs, context));
  } finally {
    repository?.store.close();
  }
}

function open(config: Config, { signingKey, keys }: Inputs, context: ActionContext): Repository {
  const where = { root: context.github.workspace, folders: "below" } as const;
  return openPackages(config, packageSigner(signingKey), storeIdentity(keys, context), where);
}

async function make(
  config: Config,
  repository: Repository | undefined,
  inputs: Inputs,
  context: ActionContext,
): Promise<ActionResult> {
  const directory = await packedDirectory(context, inputs.handOver, inputs.packed);
  const { directory: packed } = await findRelease({
    ...checkoutOf(context),
    settings: inputs.settings,
    directory,
  });
  context.log.group("package");
  const to = await mkdtemp(join(context.temporary, "deploy-packages-"));
  const written = await buildPackages({ config, packed, root: context.github.workspace, to });
  for (const { file, size, sha256 } of written) context.log.text(`${file}  ${dataSize(size)}  ${sha256}`);
  const wanted = repository !== undefined && !inputs.dryRun;
  const published = wanted ? await publish(repository, written.map(offered)) : undefined;
  const where = published === undefined ? "" : `, in ${repository?.store.location}`;
  return {
    result: inputs.dryRun ? "planned" : "prepared",
    headline: `Made ${count(written.length, "package")} of ${config.app}${where}`,
    outputs: {
      version: written[0]?.fields.Version ?? "",
      packages: JSON.stringify(
        written.map(({ file, fields, size, sha256 }) => ({ name: fields.Package, file, size, sha256 })),
      ),
      folder: to,
      index: published?.index ?? "",
      changed: String(published?.changed ?? false),
    },
  };
}

async function state(
  repository: Repository,
  { version = "", dryRun }: Inputs,
  { github }: ActionContext,
): Promise<ActionResult> {
  const by = `run ${github.runId} of ${github.repository}`;
  const tested = dryRun ? [] : await stateReleaseTested(repository, version, by);
  const outputs = { version, packages: JSON.stringify(tested.map(({ name, sha256 }) => ({ name, sha256 }))) };
  return {
    result: dryRun ? "planned" : "prepared",
    headline: `Stated that the packages of ${version} were tested`,
    outputs: { ...outputs, folder: "", index: "", changed: String(tested.length > 0) },
  };
}
