import type { Writable } from "node:stream";
import { Until } from "./until.ts";

/**
 * Writes `head`, then the payload, then ends stdin; waits where the other side is slow. Ends early, without an error, when the
 * command does (`over`) or closes its stdin, and lets the payload go. Rejects only where the payload itself cannot be read.
 */
export async function feed(
  stdin: Writable,
  head: Uint8Array,
  payload: AsyncIterable<Uint8Array> | undefined,
  over: Promise<unknown>,
): Promise<void> {
  // Remotes that end early close the pipe: what counts is the exit code they give.
  stdin.on("error", () => {});
  if (payload === undefined) {
    stdin.end(head);
    return;
  }
  const until = new Until(over);
  const send = async (chunk: Uint8Array) => (await until.first(written(stdin, chunk))) === true;
  const chunks = payload[Symbol.asyncIterator]();
  let open = head.length === 0 || (await send(head));
  while (open) {
    const next = await until.first(chunks.next());
    if (next?.done === true) break;
    open = next !== undefined && (await send(next.value));
  }
  if (!open) letGo(chunks);
  stdin.end();
}

/** It may be busy with a chunk that never comes, so nobody waits for it; nor does its failure matter now. */
function letGo(chunks: AsyncIterator<Uint8Array>): void {
  void Promise.resolve()
    .then(() => chunks.return?.())
    .catch(() => {});
}

/** False: nothing more can be written. */
function written(stdin: Writable, chunk: Uint8Array): Promise<boolean> {
  if (stdin.destroyed || !stdin.writable) return Promise.resolve(false);
  return new Promise((resolve) =>
    stdin.write(chunk, (error) => resolve(error === undefined || error === null)),
  );
}
