import type { RemoteCommand } from "@deploy/remote";
import type { Transport } from "@deploy/transport";

/** What a contract suite is given: `cut` drops the connection without a goodbye, where that can be done. */
export interface ContractSubject {
  readonly transport: Transport;
  dispose(): Promise<void>;
  cut?(): Promise<void>;
}

/** A read made of some lines of sh, for suites that are about carrying commands, not about commands. */
export function shell(body: string, args: readonly string[] = [], payload = false): RemoteCommand<unknown> {
  const script = `main() {\n${body}\n}\nmain "$@"\n`;
  return { name: "contract", kind: "read", script, args, payload, rehearsal: "", parse: (result) => result };
}

/** `count` chunks of `size` bytes that differ from each other; tells how many were taken and whether it was let go. */
export function payloadOf(count: number, size: number) {
  const taken = { bytes: 0, closed: false };
  async function* chunks(): AsyncGenerator<Uint8Array> {
    try {
      for (let index = 0; index < count; index++) {
        taken.bytes += size;
        yield Buffer.alloc(size, `chunk ${index} \u0000\r\n\u00ff `, "latin1");
      }
    } finally {
      taken.closed = true;
    }
  }
  return { chunks: chunks(), taken };
}
