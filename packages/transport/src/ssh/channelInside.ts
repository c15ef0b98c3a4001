import type { ClientChannel } from "ssh2";

/** What ssh2 1.17 keeps inside a channel and offers no method for; the contract's stream tests fail where a later one differs. */
interface Inside {
  readonly outgoing: { readonly id: number; readonly state: "open" | "eof" | "closing" | "closed" };
  readonly _client: { readonly _protocol: { signal(channel: number, name: string): void } };
  readonly stderr: { push(chunk: Uint8Array | null): boolean; _read(): void };
}

const insideOf = (channel: ClientChannel): Inside => channel as unknown as Inside;

/**
 * Both streams share one window, and ssh2 opens it again for each piece of stderr that is read, even while stdout waits: a chatty
 * command would fill the memory. Here stderr counts as full while stdout is, and only reading stdout opens the window.
 */
export function holdWindow(channel: ClientChannel): void {
  const { stderr } = insideOf(channel);
  const push = stderr.push.bind(stderr);
  stderr._read = () => {};
  stderr.push = (chunk) => push(chunk) && channel.readableLength < channel.readableHighWaterMark;
}

/**
 * Asks the command to end. ssh2's own method says nothing once stdin has ended. OpenSSH refuses it for root ("session signalling
 * requires privilege separation"): there the closed channel ends what writes, at its next write.
 */
export function terminate(channel: ClientChannel): void {
  const { outgoing, _client } = insideOf(channel);
  if (outgoing.state === "open" || outgoing.state === "eof") _client._protocol.signal(outgoing.id, "TERM");
}
