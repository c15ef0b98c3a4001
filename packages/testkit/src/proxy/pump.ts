import { once } from "node:events";
import type { Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { type Direction, type Faults, slices } from "./faults.ts";

interface Parcel {
  readonly data: Buffer;
  readonly due: number;
  readonly cut: boolean;
}

const queueLimit = 1 << 20;

/** Carries bytes one way, each after its latency, in order and with back-pressure. */
export function pump(
  from: Socket,
  to: Socket,
  faults: Faults,
  direction: Direction,
  admitted: (chunk: Buffer) => { pass: Buffer; cut: boolean },
  cut: () => void,
): void {
  const queue: Parcel[] = [];
  let [queued, running, ended] = [0, false, false];

  const deliver = async () => {
    running = true;
    for (let parcel = queue.shift(); parcel !== undefined; parcel = queue.shift()) {
      const wait = parcel.due - performance.now();
      if (wait > 0) await pause(wait);
      for await (const piece of pieces(parcel.data, faults, direction)) await write(to, piece);
      queued -= parcel.data.length;
      if (queued < queueLimit) from.resume();
      if (parcel.cut) cut();
    }
    running = false;
    if (ended && !faults.stalled) to.end();
  };
  from.on("data", (chunk: Buffer) => {
    const { pass, cut: last } = admitted(chunk);
    if (faults.stalled) return;
    queued += pass.length;
    queue.push({ data: pass, due: performance.now() + faults.latency, cut: last });
    if (queued >= queueLimit) from.pause();
    if (!running) void deliver();
  });
  from.on("end", () => {
    ended = true;
    if (!running && !faults.stalled) to.end();
  });
}

/** In slices; at a hold it stops until that is released. */
async function* pieces(data: Buffer, faults: Faults, direction: Direction): AsyncGenerator<Buffer> {
  const hold = faults.hold?.direction === direction ? faults.hold : undefined;
  const pass = data.subarray(0, hold?.admits(data.length));
  yield* slices(pass, faults.slice);
  if (pass.length === data.length) return;
  hold?.reached();
  await hold?.released;
  yield* slices(data.subarray(pass.length), faults.slice);
}

// Each piece is handed to the kernel before the next, or a slice would be no slice.
async function write(to: Socket, piece: Buffer): Promise<void> {
  if (to.destroyed || piece.length === 0) return;
  const gone = new AbortController();
  const written = new Promise<void>((done) => to.write(piece, () => done()));
  const closed = once(to, "close", { signal: gone.signal }).catch(() => {});
  await Promise.race([written, closed]);
  gone.abort();
}
