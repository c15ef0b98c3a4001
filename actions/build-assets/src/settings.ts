import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { type ActionContext, packedDirectory } from "@deploy/action-kit";
import { unpackFolder } from "@deploy/artifact";
import { type Assets, defaultAssets, parseAssets, parseTenant, type TenantName } from "@deploy/core";
import { loadConfig, readConfigText, readPackedConfig } from "@deploy/session";
import type { Inputs } from "./inputs.ts";

export interface Found {
  /** Undefined where a workflow that serves every app asked, and this one has none. */
  readonly assets: Assets | undefined;
  /** Where an earlier job's output lies, when that is not the repository. */
  readonly output?: string;
  /** Who publishes; absent where no file says it. */
  readonly tenant?: TenantName;
}

/** What to build or publish: the config's `assets`, inputs laid over them, or the defaults. */
export async function findAssets(inputs: Inputs, context: ActionContext): Promise<Found> {
  const packed = await packedRelease(inputs, context);
  const root = context.github.workspace;
  const configText = (await readPackedConfig(packed)) ?? (await readConfigText({ ...inputs.settings, root }));
  const { configFile: file, environment } = inputs.settings;
  const said = parseAssets(configText, { file, environment, overrides: inputs.overrides });
  const tenant = parseTenant(configText, { file, environment });
  const named = tenant === undefined ? {} : { tenant };
  const assets = said ?? (inputs.ifConfigured ? undefined : defaultAssets());
  if (assets === undefined || packed === undefined || configText === undefined) return { assets, ...named };
  const { source } = await loadConfig({ ...inputs.settings, configText });
  const output = await mkdtemp(join(context.temporary, "deploy-assets-"));
  await unpackFolder(packed, inRelease(assets.output, source), output);
  return { assets, output, ...named };
}

function packedRelease(inputs: Inputs, context: ActionContext): Promise<string | undefined> {
  if (inputs.phase !== "publish" || inputs.packed === undefined) return Promise.resolve(undefined);
  return packedDirectory(context, inputs.handOver, inputs.packed);
}

/** The output folder as the packed tree names it: `source` of the release is its root. */
function inRelease(output: string, source: string): string {
  return source !== "." && output.startsWith(`${source}/`) ? output.slice(source.length + 1) : output;
}
