import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { type ActionContext, approvedFiles, packedDirectory, readHandOver } from "@deploy/action-kit";
import { unpackFolder } from "@deploy/artifact";
import {
  type Assets,
  DeployError,
  defaultAssets,
  type Plan,
  parseAssets,
  parseTenant,
  storeFolders,
  type TenantName,
  textDigest,
} from "@deploy/core";
import { approvedPlan, loadConfig, readConfigText } from "@deploy/session";
import type { Inputs } from "./inputs.ts";

export interface Found {
  /** Undefined where a workflow that serves every app asked, and this one has none. */
  readonly assets: Assets | undefined;
  /** Where an earlier job's output lies, when that is not the repository. */
  readonly output?: string;
  /** Who publishes; absent where no file says it. */
  readonly tenant?: TenantName;
  /** Whether a store may be a folder of this machine. */
  readonly folders: ReturnType<typeof storeFolders>;
}

/** What to build or publish: the config's `assets`, inputs laid over them, or the defaults. */
export async function findAssets(inputs: Inputs, context: ActionContext): Promise<Found> {
  const packed = await packedRelease(inputs, context);
  const { text: configText, folders } = await configOf(inputs, context);
  const { configFile: file, environment } = inputs.settings;
  const said = parseAssets(configText, { file, environment, overrides: inputs.overrides });
  const tenant = parseTenant(configText, { file, environment });
  const named = tenant === undefined ? {} : { tenant };
  const assets = said ?? (inputs.ifConfigured ? undefined : defaultAssets());
  if (assets === undefined || packed === undefined || configText === undefined)
    return { assets, folders, ...named };
  const { source } = await loadConfig({ ...inputs.settings, configText });
  const output = await mkdtemp(join(context.temporary, "deploy-assets-"));
  await unpackFolder(packed, inRelease(assets.output, source), output);
  return { assets, output, folders, ...named };
}

/** The config of the approved plan, or that which the upload step of this job went by; else the workspace's. */
async function configOf(inputs: Inputs, context: ActionContext) {
  const begun = inputs.phase === "publish" ? await begunWith(inputs, context) : undefined;
  const handed = begun?.configText;
  const text = handed ?? (await textHere(inputs, context));
  const approved = begun?.plan?.configDigest;
  if (approved !== undefined && approved !== textDigest(text ?? "")) {
    const message = "The config file is not the one of the plan that this job goes by";
    throw new DeployError("plan-changed", message, { place: { file: inputs.settings.configFile } });
  }
  return { text, folders: handed === undefined ? storeFolders(context.github, "job") : "nowhere" } as const;
}

function textHere({ settings, packed, overrides }: Inputs, context: ActionContext) {
  // Where another job packed, a file that is not here does not mean that the config has no assets.
  const lacks = packed !== undefined && overrides.publish === undefined;
  const configRequired = settings.configRequired || lacks;
  return readConfigText({ ...settings, configRequired, root: context.github.workspace });
}

interface Begun {
  readonly configText?: string | undefined;
  readonly plan?: Pick<Plan, "configDigest"> | undefined;
}

async function begunWith(
  { plan, planDigest, handOver }: Inputs,
  context: ActionContext,
): Promise<Begun | undefined> {
  if (plan === undefined) return readHandOver(context, handOver);
  const { text, configText } = await approvedFiles(context, plan);
  const approved = approvedPlan(text, planDigest);
  return { configText, plan: typeof approved === "object" ? approved : undefined };
}

function packedRelease(inputs: Inputs, context: ActionContext): Promise<string | undefined> {
  if (inputs.phase !== "publish" || inputs.packed === undefined) return Promise.resolve(undefined);
  return packedDirectory(context, inputs.handOver, inputs.packed);
}

/** The output folder as the packed tree names it: `source` of the release is its root. */
function inRelease(output: string, source: string): string {
  return source !== "." && output.startsWith(`${source}/`) ? output.slice(source.length + 1) : output;
}
