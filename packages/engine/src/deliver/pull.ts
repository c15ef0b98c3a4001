import { type Parcel, problemOf } from "@deploy/core";
import { type Received, receive } from "@deploy/remote";
import { type Answer, askSurely } from "../hosts/ask.ts";
import { note } from "../hosts/fan.ts";

import { sendParcel } from "./artifact.ts";
import { type Base, type Delivered, type Job, receiveOptions } from "./delivery.ts";

/** The same parcel, fetched by the host from a store; what a host cannot fetch is sent to it. */
export async function letFetch(job: Job, base: Base | undefined): Promise<Answer<Delivered>> {
  const { source, encoding, delivery, shelves } = job;
  const parcel = await source.parcel(base?.manifest ?? null, encoding);
  // A dry run puts nothing anywhere; its prepare reads no address.
  if (job.context.control.dryRun) return done(await fetchFrom(job, base, parcel, async () => ""), parcel);
  const address = delivery.store === undefined ? undefined : await shelves.put(delivery.store, parcel);
  if (address === undefined) return sendParcel(job, base);
  // A second address, since the first may have been too old by the time a busy host used it.
  for (let attempt = 0; attempt < 2; attempt++) {
    const answer = await fetchFrom(job, base, parcel, address);
    if (answer.status !== "failed" || !isFetch(answer.problem.code)) return done(answer, parcel);
    if (attempt === 0 && answer.problem.code === "fetch-failed" && !job.context.stopped()) continue;
    note(job.context, job.link, `cannot fetch the upload: ${answer.problem.message}; sending it instead`);
    break;
  }
  return sendParcel(job, base);
}

function isFetch(code: string): boolean {
  return code === "fetch-failed" || code === "fetch-unavailable";
}

async function fetchFrom(
  job: Job,
  base: Base | undefined,
  { bytes, encoding }: Parcel,
  address: () => Promise<string>,
): Promise<Answer<Received>> {
  const { link, meter, context } = job;
  const url = await address().catch((error: unknown) => problemOf(error));
  if (typeof url !== "string") return { status: "failed", problem: { ...url, code: "fetch-failed" } };
  meter.expect(bytes, true);
  const command = receive(
    receiveOptions(job, { from: base?.release ?? null, source: "url", limit: most(job), encoding }),
  );
  const answer = await askSurely(link, command, () => ({
    input: lineOf(url),
    signal: context.control.signal,
  }));
  return answer.status === "ok" ? answer : { ...answer, problem: without(url, answer.problem) };
}

/** Headers and long names beside the files, and the lists: generous, as it only has to be an end. */
function most({ source: { artifact } }: Job): number {
  return artifact.bytes + artifact.files * 16_384 + 64 * 1024 * 1024;
}

/** The address is a secret: it travels on stdin, and comes back in no message. */
function without<T extends { readonly message: string }>(url: string, problem: T): T {
  return url === "" ? problem : { ...problem, message: problem.message.replaceAll(url, "the address") };
}

async function* lineOf(url: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(`${url}\n`);
}

function done(answer: Answer<Received>, { bytes, saved }: Parcel): Answer<Delivered> {
  if (answer.status !== "ok") return answer;
  const { value: received } = answer;
  const sent = received.status === "already" ? 0 : bytes;
  return { status: "ok", value: { received, method: "pull", sent, saved } };
}
