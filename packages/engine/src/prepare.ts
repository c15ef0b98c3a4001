import { type Bridge, count, DeployError } from "@deploy/core";
import { manifestOf, markReady, type Prepared, type PrepareOptions, prepare } from "@deploy/remote";
import type { Answer } from "./ask.ts";
import { ask, askSurely } from "./ask.ts";
import { runOnHosts } from "./command.ts";
import type { Context } from "./context.ts";
import { plannedOf, stepsOf } from "./context.ts";
import { everyHost } from "./fan.ts";
import type { Link } from "./fleet.ts";
import { linkOf } from "./fleet.ts";
import type { ArtifactSource } from "./types.ts";

/** Everything invisible: the release is whole and its requirements installed on every host, or nobody goes on. */
export async function prepareRelease(context: Context): Promise<boolean> {
  if (context.plan.kind === "rollback") return true;
  if (!(await upload(context))) return false;
  for (const step of stepsOf(context.plan, "prepare")) {
    if (context.stopped()) return false;
    if (!(await runOnHosts(context, "prepare", step, "release"))) return false;
  }
  return markAllReady(context);
}

async function upload(context: Context): Promise<boolean> {
  const [step] = stepsOf(context.plan, "upload");
  if (step === undefined) return true;
  const source = context.options.artifact;
  if (source === undefined)
    throw new DeployError("artifact-missing", "The plan uploads a release, and no artifact was given");
  const bases = await readBases(context, step.hosts);
  return everyHost(
    context,
    "upload",
    step.hosts,
    (link) => send(context, link, { source, bases, bridge: step.bridge }),
    uploadWords,
  );
}

/** What one upload step sends to every host. */
interface Cargo {
  readonly source: ArtifactSource;
  /** Manifest texts by release. */
  readonly bases: ReadonlyMap<string, string>;
  readonly bridge: Bridge | undefined;
}

function uploadWords({ status, bridged }: Prepared): string {
  if (status === "already") return "was there already";
  const { files, skipped } = bridged ?? { files: 0, skipped: 0 };
  return [
    "uploaded and verified",
    ...(files === 0 ? [] : [`keeps ${count(files, "asset file")} of earlier releases`]),
    ...(skipped === 0 ? [] : [`${skipped} damaged or gone there, left out`]),
  ].join(", ");
}

/** Manifest texts by release: one read per distinct release the fleet serves, from the first host that serves it. */
async function readBases(context: Context, hosts: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const holders = new Map<string, string>();
  for (const host of hosts) {
    const { from, to } = plannedOf(context.plan, host);
    if (from !== null && from !== to && !holders.has(from)) holders.set(from, host);
  }
  const bases = new Map<string, string>();
  await Promise.all(
    [...holders].map(async ([release, host]) => {
      const answer = await askSurely(
        linkOf(context.fleet, host),
        manifestOf({ base: context.plan.deployTo, release }),
        () => ({ capture: 64 * 1024 * 1024 }),
      );
      // No manifest (another tool's release) or an unreadable one: that release is no base, nothing else.
      if (answer.status === "ok") bases.set(release, answer.value);
    }),
  );
  return bases;
}

async function send(context: Context, link: Link, cargo: Cargo): Promise<Answer<Prepared>> {
  const { from } = plannedOf(context.plan, link.host.name);
  const base = from === null ? undefined : cargo.bases.get(from);
  if (from !== null && base !== undefined) {
    const answer = await sendFrom(context, link, cargo, { release: from, manifest: base });
    if (answer.status !== "failed" || answer.problem.code !== "base-changed") return answer;
    context.options.events({
      kind: "note",
      host: link.host.name,
      text: `release ${from} is damaged here, sending everything`,
    });
  }
  return sendFrom(context, link, cargo, undefined);
}

async function sendFrom(
  context: Context,
  link: Link,
  cargo: Cargo,
  base: { readonly release: string; readonly manifest: string } | undefined,
): Promise<Answer<Prepared>> {
  const parcel = await cargo.source.parcel(base?.manifest ?? null, "gzip");
  return askSurely(
    link,
    prepare(prepareOptions(context, link.host.name, cargo, base?.release ?? null)),
    () => ({
      input: parcel.read(),
      signal: context.options.signal,
    }),
  );
}

function prepareOptions(
  context: Context,
  host: string,
  { source, bridge }: Cargo,
  from: string | null,
): PrepareOptions {
  const { plan, options } = context;
  return {
    fence: context.fence(),
    release: plan.release,
    commit: plan.commit,
    manifest: source.artifact.manifest,
    artifact: source.artifact.digest,
    files: source.artifact.files,
    from,
    mtime: source.mtime,
    shared: plan.shared,
    bridge,
    ready: !hasCommands(context, host),
    run: options.runUrl,
  };
}

function hasCommands(context: Context, host: string): boolean {
  return stepsOf(context.plan, "prepare").some(({ hosts }) => hosts.includes(host));
}

async function markAllReady(context: Context): Promise<boolean> {
  const hosts = context.plan.hosts.map(({ host }) => host).filter((host) => hasCommands(context, host));
  const answers = await Promise.all(
    hosts.map((host) =>
      ask(linkOf(context.fleet, host), markReady({ fence: context.fence(), release: context.plan.release })),
    ),
  );
  answers.forEach((answer, index) => {
    const host = hosts[index];
    if (answer.status === "ok" || host === undefined) return;
    void context.ledger.book(
      host,
      "prepare",
      async () => answer,
      () => "",
    );
  });
  return answers.every(({ status }) => status === "ok");
}
