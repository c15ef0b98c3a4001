import type { Client, ClientChannel } from "ssh2";

/** Why a forwarded connection could not be made; `prohibited` is the server's policy, not the target's state. */
export interface NoForward {
  readonly prohibited: boolean;
  readonly reason: string;
}

/** A TCP connection made by the server to `host:port`, as a stream (direct-tcpip). */
export function forward(client: Client, host: string, port: number): Promise<ClientChannel | NoForward> {
  return new Promise((resolve) => {
    try {
      client.forwardOut("127.0.0.1", 0, host, port, (error, channel) => {
        if (error === undefined || error === null) return resolve(channel);
        const { reason, message } = error as Error & { reason?: unknown };
        // 1: administratively prohibited, 3: unknown channel type (RFC 4254, 5.1).
        resolve({
          prohibited: reason === 1 || reason === 3,
          reason: message.replace(/^\(SSH\) Channel open failure: /, ""),
        });
      });
    } catch (error) {
      resolve({ prohibited: false, reason: error instanceof Error ? error.message : String(error) });
    }
  });
}
