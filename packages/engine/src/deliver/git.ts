import { count, type Secret } from "@deploy/core";
import { type GitStaged, gitStage, receive } from "@deploy/remote";
import { type Answer, ask } from "../hosts/ask.ts";
import { note } from "../hosts/fan.ts";
import { counted } from "./artifact.ts";
import { type Delivered, type Job, receiveOptions } from "./delivery.ts";

/** About 100 bytes a file. */
const capture = 64 * 1024 * 1024;

/** Files told by name. */
const most = 3;

/**
 * The host fetches the commit, and says which files it has then; a parcel brings the others, and the manifest, by which all are verified.
 * The two are repeated together: a receive whose answer was lost may have taken what was staged.
 */
export async function fetchFromGit(job: Job): Promise<Answer<Delivered>> {
  const first = await fetchOnce(job);
  if (first.status !== "unknown" || job.context.control.signal.aborted) return first;
  return (await job.link.reconnect()) ? fetchOnce(job) : first;
}

async function fetchOnce(job: Job): Promise<Answer<Delivered>> {
  const { context, link, source, meter } = job;
  const { signal, dryRun } = context.control;
  const staged = await stage(job);
  if (staged.status !== "ok") return staged;
  const { bytes, kept, manifest } = staged.value;
  const parcel = await source.parcel(manifest, job.encoding);
  const lacking = lackingIn(manifest, source.manifest);
  if (lacking.length > 0 && !dryRun) note(context, link, lackingWords(lacking));
  const options = receiveOptions(job, { from: null, source: "git", encoding: parcel.encoding });
  const answer = await ask(link, receive(options), () => ({ input: counted(parcel, meter), signal }));
  if (answer.status !== "ok") return answer;
  const value = {
    received: answer.value,
    method: "git",
    sent: bytes + meter.sent,
    saved: Math.min(kept, parcel.saved),
  } as const;
  return { status: "ok", value };
}

function stage({ context, link, delivery, meter }: Job): Promise<Answer<GitStaged>> {
  const { plan, means, control } = context;
  const { repository, hostKeys = [] } = delivery;
  if (means.git === undefined || repository === undefined) throw new Error("git without its means");
  const isWeb = /^https?:/.test(repository);
  const secret = isWeb ? means.git.token : means.git.key;
  const access = secret === undefined ? "none" : isWeb ? "token" : "key";
  meter.expect(undefined, true);
  const fence = context.fence();
  const command = gitStage({
    ...{ fence, release: plan.release, commit: plan.commit, repository, hostKeys, access },
  });
  return ask(link, command, () => ({ input: said(secret), signal: control.signal, capture }));
}

async function* said(secret: Secret | undefined): AsyncGenerator<Uint8Array> {
  if (secret !== undefined) yield new TextEncoder().encode(secret.reveal().replaceAll("\r", ""));
}

/** Files of the release that the host has not as they are packed. */
function lackingIn(host: string, packed: string): readonly string[] {
  const lines = new Set(host.split("\n"));
  const lacking = packed.split("\n").filter((line) => line.startsWith("f\t") && !lines.has(line));
  return lacking.map((line) => line.split("\t")[4] ?? "");
}

function lackingWords(lacking: readonly string[]): string {
  const named = lacking.slice(0, most).join(", ");
  const more = lacking.length > most ? ` and ${lacking.length - most} more` : "";
  return `${count(lacking.length, "file")} not in git as packed, and so sent from here: ${named}${more}`;
}
