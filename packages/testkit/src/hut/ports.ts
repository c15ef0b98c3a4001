import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";

/** The same ports at another address. FTP opens a connection for each file, so a proxy of one port would see no file. */
export interface PortsProxy {
  readonly address: string;
  /** That came for the server so far. */
  bytes(): number;
  /** After so many more bytes to the server, all connections are gone, and no new one comes through. */
  cutAfter(bytes: number): void;
  resume(): void;
  /** From now on a connection of any port but the first ends after so many bytes of the server's, as if it had no more. */
  endEarly(bytes: number): void;
  close(): Promise<void>;
}

export async function portsProxy(
  to: string,
  address: string,
  first: number,
  last: number,
): Promise<PortsProxy> {
  const sockets = new Set<Socket>();
  let [bytes, left, most] = [0, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const end = () => {
    for (const socket of sockets) socket.destroy();
  };
  const pass = (chunk: Buffer, server: Socket) => {
    const through = chunk.subarray(0, Math.max(0, left));
    bytes += through.length;
    left -= chunk.length;
    server.write(through);
    if (left <= 0) end();
  };
  const listen = async (port: number): Promise<Server> => {
    const server = createServer({ allowHalfOpen: true }, (client) => {
      if (left <= 0) return void client.destroy();
      const upstream = connect({ host: to, port, allowHalfOpen: true });
      for (const [one, other] of [
        [client, upstream],
        [upstream, client],
      ] as const) {
        sockets.add(one);
        one.on("error", () => other.destroy());
        one.on("close", () => {
          sockets.delete(one);
          if (one.errored !== null || left <= 0) other.destroy();
        });
        one.on("end", () => other.end());
      }
      client.on("data", (chunk: Buffer) => pass(chunk, upstream));
      let came = 0;
      upstream.on("data", (chunk: Buffer) => {
        came += chunk.length;
        if (port === first || came < most) return void client.write(chunk);
        client.end(chunk.subarray(0, chunk.length - (came - most)));
        upstream.destroy();
      });
    }).listen(port, address);
    await once(server, "listening");
    return server;
  };
  const servers = await Promise.all(Array.from({ length: last - first + 1 }, (_, at) => listen(first + at)));
  return {
    address,
    bytes: () => bytes,
    cutAfter(more) {
      left = more;
    },
    resume() {
      left = Number.POSITIVE_INFINITY;
    },
    endEarly(after) {
      most = after;
    },
    async close() {
      end();
      await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
    },
  };
}
