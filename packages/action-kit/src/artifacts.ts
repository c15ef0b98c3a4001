import { mkdtemp, readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { type Config, DeployError } from "@deploy/core";
import { readHandOver, saveHandOver } from "./handOver.ts";
import type { Log } from "./log.ts";
import type { ActionContext } from "./types.ts";

export interface Uploaded {
  readonly id: string;
  /** SHA-256 of the zip GitHub keeps, hex. */
  readonly digest: string;
}

type Client = InstanceType<typeof import("@actions/artifact").DefaultArtifactClient>;

/** Of one app and environment: jobs for several in one run do not replace each other's. */
export function artifactName(
  part: "release" | "plan",
  { app, environment }: Pick<Config, "app" | "environment">,
): string {
  return `deploy-${part}-${app}-${environment}`;
}

/** Uploads every file of a folder as one workflow artifact, kept for so many days; one of that name from an earlier attempt is replaced. */
export async function uploadFiles(
  name: string,
  directory: string,
  retentionDays: number,
  log: Log,
): Promise<Uploaded> {
  const found = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return transfer(`The artifact "${name}" could not be uploaded`, log, async (client) => {
    await client.deleteArtifact(name).catch(() => {});
    const { id, digest } = await client.uploadArtifact(name, files, directory, {
      compressionLevel: 0,
      retentionDays,
    });
    if (id === undefined) throw new Error("it got no id");
    return { id: String(id), digest: digest ?? "" };
  });
}

/** Brings an artifact of this run, by name or id, into a folder, and sees that it is what was uploaded. Throws `artifact-transfer`. */
export function downloadFiles(nameOrId: string, directory: string, log: Log): Promise<void> {
  return transfer(`The artifact "${nameOrId}" could not be downloaded`, log, async (client) => {
    const byId = /^[0-9]+$/.test(nameOrId);
    const { id, digest } = byId
      ? await artifactOf(client, Number(nameOrId))
      : (await client.getArtifact(nameOrId)).artifact;
    const done = await client.downloadArtifact(id, {
      path: directory,
      ...(digest ? { expectedHash: digest } : {}),
    });
    if (done.digestMismatch) throw new Error("its digest is not the one it was uploaded with");
  });
}

async function artifactOf(client: Client, id: number) {
  const { artifacts } = await client.listArtifacts();
  const found = artifacts.find((artifact) => artifact.id === id);
  if (found === undefined) throw new Error("this run has none with that id");
  return found;
}

/** The client masks the addresses it is given by itself. Large, and needed by few actions: loaded when it is. */
async function transfer<T>(failure: string, log: Log, work: (client: Client) => Promise<T>): Promise<T> {
  const { DefaultArtifactClient } = await import("@actions/artifact");
  try {
    return await log.lend(() => work(new DefaultArtifactClient()));
  } catch (error) {
    const { name, message } = error as Error;
    throw new DeployError("artifact-transfer", `${failure}: ${message}`, { cause: error, ...moveOn(name) });
  }
}

/** GitHub Enterprise Server has an artifact service that this client does not speak to: nothing goes from job to job. */
function moveOn(name: string): { readonly hint?: string } {
  if (name !== "GHESNotSupportedError") return {};
  return {
    hint: "Let all steps be in one job: `upload: false` for pack and plan, and neither `packed` nor `plan` by an artifact's name for those that follow. docs/guides/ghes.md has such a job.",
  };
}

/**
 * Where packed files lie in this job: the named artifact, downloaded; else what an earlier step left; undefined
 * where there is neither.
 */
export async function packedDirectory(
  context: Pick<ActionContext, "temporary" | "github" | "log">,
  environment: string,
  packed: string | undefined,
): Promise<string | undefined> {
  if (packed === undefined) return (await readHandOver(context, environment))?.artifactDirectory;
  const directory = await mkdtemp(join(context.temporary, "deploy-packed-"));
  await downloadFiles(packed, directory, context.log);
  await saveHandOver(context, environment, { artifactDirectory: directory });
  return directory;
}

/** The files of a plan's artifact: the plan, and the config file that it was made with. */
export const planFiles = { plan: "plan.json", config: "deploy.yml" } as const;

export interface ApprovedFiles {
  /** Of the plan; undefined: none was approved. */
  readonly text: string | undefined;
  /** Of the config file, as the job that planned read it; undefined: the workspace has it, or there is none. */
  readonly configText: string | undefined;
}

/** An approved plan: a file of this job, or what lies in the named artifact. */
export async function approvedFiles(
  context: Pick<ActionContext, "temporary" | "github" | "log">,
  plan: string | undefined,
): Promise<ApprovedFiles> {
  if (plan === undefined) return { text: undefined, configText: undefined };
  if (plan.endsWith(".json")) {
    return { text: await readText(resolve(context.github.workspace, plan)), configText: undefined };
  }
  const directory = await mkdtemp(join(context.temporary, "deploy-plan-"));
  await downloadFiles(plan, directory, context.log);
  const files = await readdir(directory);
  return {
    text: await readText(join(directory, planFiles.plan)),
    configText: files.includes(planFiles.config)
      ? await readText(join(directory, planFiles.config))
      : undefined,
  };
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw new DeployError("plan-invalid", `The approved plan "${file}" cannot be read`, { cause: error });
  }
}
