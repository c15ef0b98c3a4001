import { lookup } from "node:dns/promises";
import { connect, isIP, type Socket } from "node:net";

/** Milliseconds that an address has for itself before the next is tried beside it (RFC 8305, 5). */
const headStart = 250;

/** All addresses of a name, in the order to try them. Rejects as `node:dns` does. */
export type Lookup = (name: string) => Promise<readonly string[]>;

export const systemLookup: Lookup = async (name) => {
  if (isIP(name) !== 0) return [name];
  return [...new Set((await lookup(name, { all: true })).map(({ address }) => address))];
};

/** No address took the connection. `code` is what the system said of each; ETIMEDOUT where nothing came. */
export class Unreached extends Error {
  readonly tried: readonly { readonly address: string; readonly code: string }[];

  constructor(tried: Unreached["tried"]) {
    super(tried.map(({ address, code }) => `${address}: ${code}`).join(", "));
    this.tried = tried;
  }
}

/**
 * A TCP connection to the first address that takes one, within `timeout` milliseconds. A slow address is not given up for the next,
 * which is tried beside it (node's own way leaves each but the last a quarter of a second). Rejects with Unreached.
 */
export async function dial(
  addresses: readonly string[],
  port: number,
  timeout: number,
  signal?: AbortSignal,
): Promise<Socket> {
  const codes = new Map<string, string>();
  const [sockets, timers]: [Socket[], NodeJS.Timeout[]] = [[], []];
  let [won, over]: [Socket | undefined, boolean] = [undefined, false];
  let stop = (): void => {};
  try {
    return await new Promise<Socket>((resolve, reject) => {
      stop = () =>
        reject(
          new Unreached(addresses.map((address) => ({ address, code: codes.get(address) ?? "ETIMEDOUT" }))),
        );
      const next = (): void => {
        const address = addresses[sockets.length];
        if (address === undefined || over) return;
        const socket = connect({ host: address, port, noDelay: true });
        sockets.push(socket);
        timers.push(setTimeout(next, headStart));
        socket.once("connect", () => {
          won ??= socket;
          resolve(won);
        });
        // For good: an error of one that lost the race must not end the process.
        socket.on("error", ({ code = "EIO" }: NodeJS.ErrnoException) => {
          codes.set(address, code);
          if (codes.size === addresses.length) stop();
          else next();
        });
      };
      timers.push(setTimeout(stop, timeout));
      signal?.addEventListener("abort", stop);
      if (signal?.aborted === true) stop();
      else next();
    });
  } finally {
    over = true;
    signal?.removeEventListener("abort", stop);
    for (const timer of timers) clearTimeout(timer);
    for (const socket of sockets) if (socket !== won) socket.destroy();
  }
}
