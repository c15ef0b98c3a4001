import type { Parcel } from "@deploy/core";
import { receive } from "@deploy/remote";
import { type Answer, askSurely } from "../hosts/ask.ts";

import { type Base, type Delivered, type Job, receiveOptions } from "./delivery.ts";
import type { Meter } from "./progress.ts";

/** The parcel on stdin. */
export async function sendParcel(job: Job, base: Base | undefined): Promise<Answer<Delivered>> {
  const { link, source, encoding, meter, context } = job;
  const parcel = await source.parcel(base?.manifest ?? null, encoding);
  const command = receive(
    receiveOptions(job, { from: base?.release ?? null, source: "stream", encoding: parcel.encoding }),
  );
  const answer = await askSurely(link, command, () => ({
    input: counted(parcel, meter),
    signal: context.control.signal,
  }));
  if (answer.status !== "ok") return answer;
  const value = {
    received: answer.value,
    method: "artifact",
    sent: meter.sent,
    saved: parcel.saved,
  } as const;
  return { status: "ok", value };
}

/** Opened by who reads it: a rehearsal does not. */
export async function* readLate(parcel: Parcel): AsyncGenerator<Uint8Array> {
  yield* parcel.read();
}

/** A parcel's bytes, each counted once it was taken. */
export async function* counted(parcel: Parcel, meter: Meter): AsyncGenerator<Uint8Array> {
  meter.expect(parcel.bytes);
  for await (const chunk of parcel.read()) {
    yield chunk;
    meter.add(chunk.length);
  }
}
