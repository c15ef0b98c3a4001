import { DeployError } from "@deploy/core";
import { Begin, type RemoteStream } from "@deploy/remote";
import { Handoff } from "../bytes/handoff.ts";
import { type Asked, judge, secretOnly, whileDumping } from "./ask.ts";

/**
 * The bytes of a dump as they come, in flat memory. It ends without an error only after the command was seen to end with 0 and its
 * answer was read: whoever stores the bytes must let nothing appear before that (reliability, 3.4). Leaving early stops the command.
 */
export async function* dumping<T>(
  asked: Asked,
  command: RemoteStream<T>,
): AsyncGenerator<Uint8Array, T, undefined> {
  const { transport, source, signal } = asked;
  const handoff = new Handoff();
  const left = new AbortController();
  const running = transport
    .exec(command, {
      input: secretOnly(source),
      sink: (chunk) => handoff.push(chunk),
      signal: signal === undefined ? left.signal : AbortSignal.any([signal, left.signal]),
    })
    .finally(() => handoff.end());
  running.catch(() => {});
  try {
    const begin = new Begin();
    for await (const chunk of handoff) {
      const bytes = begin.after(chunk);
      if (bytes === undefined) throw unreadable(asked, "it prints something else, and a lot of it");
      if (bytes.length > 0) yield bytes;
    }
    const answer = judge(asked, command, await running, whileDumping);
    if (begin.seen) return answer;
    throw unreadable(asked, "it ended 0 without its begin line");
  } finally {
    left.abort();
    await running.catch(() => {});
  }
}

function unreadable({ transport }: Asked, why: string): DeployError {
  const place = { host: transport.host.name };
  return new DeployError("answer-unreadable", `The dump cannot be told from other output: ${why}`, { place });
}
