import type { Writable } from "node:stream";

/**
 * Writes `head`, then the payload, then ends stdin; waits where the other side is slow. Ends early, without an error, when the
 * command does (`over`) or closes its stdin. Rejects only where the payload itself cannot be read.
 */
export async function feed(
  stdin: Writable,
  head: Uint8Array,
  payload: AsyncIterable<Uint8Array> | undefined,
  over: Promise<unknown>,
): Promise<void> {
  const stop = over.then(
    () => true,
    () => true,
  );
  // Remotes that end early close the pipe: what counts is the exit code they give.
  stdin.on("error", () => {});
  const send = (chunk: Uint8Array) => Promise.race([written(stdin, chunk), stop]);
  if (payload === undefined) {
    stdin.end(head);
    return;
  }
  const chunks = payload[Symbol.asyncIterator]();
  let stopped = head.length > 0 && (await send(head));
  while (!stopped) {
    const next = await Promise.race([chunks.next(), stop.then(() => undefined)]);
    if (next === undefined || next.done === true) break;
    stopped = await send(next.value);
  }
  if (stopped) void Promise.resolve(chunks.return?.()).catch(() => {});
  stdin.end();
}

/** True: nothing more can be written. */
function written(stdin: Writable, chunk: Uint8Array): Promise<boolean> {
  if (stdin.destroyed || !stdin.writable) return Promise.resolve(true);
  return new Promise((resolve) =>
    stdin.write(chunk, (error) => resolve(error !== undefined && error !== null)),
  );
}
