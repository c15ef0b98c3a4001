import { connect, createServer, type Socket } from "node:net";
import { breakOff } from "../breakOff.ts";
import { admit, allowance, type Bytes, type Direction, type Hold, holdBy, noFaults } from "./faults.ts";
import { pump } from "./pump.ts";

export interface TcpProxyOptions {
  readonly to: { readonly host: string; readonly port: number };
  /** Where it listens; 127.0.0.1 unless told. */
  readonly address?: string;
  readonly port?: number;
}

/** Faults hold for live and later connections until `resume`; a cut happens once and leaves no fault behind. */
export interface TcpProxy {
  readonly address: string;
  readonly port: number;
  /** Delays all bytes, both ways, by this many milliseconds. */
  latency(milliseconds: number): void;
  /** Delivers pieces of this many bytes; 0 stops slicing. */
  slice(bytes: number): void;
  /** Keeps connections open, takes new ones, and drops everything sent. */
  stall(): void;
  /** Resets all live connections. Returns how many there were. */
  reset(): number;
  /** Lets exactly this many more bytes pass one way, then ends all live connections. */
  cutAfter(bytes: number, direction: Direction): void;
  /** Ends all live connections behind the chunk for which this is true. */
  cutWhen(predicate: (bytes: Bytes) => boolean): void;
  /**
   * Lets exactly this many more bytes pass one way, then keeps all later ones back until `resume`. Resolves once the next
   * one is there and waits: whoever sends is in the middle, and stays there.
   */
  holdAfter(bytes: number, direction: Direction): Promise<void>;
  /** As `holdAfter`, from the first chunk on that comes when this is true. */
  holdWhen(fact: () => boolean, direction: Direction): Promise<void>;
  /** No more faults. A connection that lost bytes to a stall stays broken. */
  resume(): void;
  bytes(): Bytes;
  /** Connections accepted so far. */
  connections(): number;
  /** Cuts that happened. */
  cuts(): number;
  close(): Promise<void>;
}

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
}

/** A TCP proxy in this process that breaks connections as told. */
export async function tcpProxy(options: TcpProxyOptions): Promise<TcpProxy> {
  const { to, address = "127.0.0.1" } = options;
  const faults = noFaults();
  const count = { toServer: 0, toClient: 0, connections: 0, cuts: 0 };
  const pairs = new Set<Pair>();
  const resume = () => {
    faults.hold?.release();
    Object.assign(faults, noFaults());
  };
  const bytes = (): Bytes => ({ toServer: count.toServer, toClient: count.toClient });

  const hold = (admits: Hold["admits"], direction: Direction) => {
    const made = holdBy(admits, direction);
    faults.hold = made;
    return made.held;
  };

  const cut = () => {
    count.cuts += 1;
    Object.assign(faults, { left: undefined, when: undefined });
    for (const { client, server } of pairs) {
      // Once each: what arrives meanwhile cuts again.
      for (const socket of [client, server]) if (!socket.writableEnded) socket.destroySoon();
    }
  };
  const listener = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    count.connections += 1;
    const server = connect({ ...to, allowHalfOpen: true, noDelay: true });
    const pair = { client, server };
    pairs.add(pair);
    const admitted = (direction: Direction) => (chunk: Buffer) => {
      count[direction] += chunk.length;
      return admit(faults, direction, chunk, bytes());
    };
    pump(client, server, faults, "toServer", admitted("toServer"), cut);
    pump(server, client, faults, "toClient", admitted("toClient"), cut);
    tie(
      pair,
      () => pairs.delete(pair),
      () => !faults.stalled,
    );
  });
  const reset = () => {
    const live = pairs.size;
    for (const { client, server } of pairs) {
      breakOff(client);
      breakOff(server);
    }
    return live;
  };
  await new Promise<void>((done, fail) => {
    listener.once("error", fail);
    listener.listen(options.port ?? 0, address, done);
  });

  return {
    address,
    port: (listener.address() as { port: number }).port,
    latency: (milliseconds) => void Object.assign(faults, { latency: milliseconds }),
    slice: (size) => void Object.assign(faults, { slice: size }),
    stall: () => void Object.assign(faults, { stalled: true }),
    reset,
    cutAfter: (left, direction) => void Object.assign(faults, { left: { direction, bytes: left } }),
    holdAfter: (count, direction) => hold(allowance(count), direction),
    holdWhen: (fact, direction) => hold((length) => (fact() ? 0 : length), direction),
    cutWhen: (when) => void Object.assign(faults, { when }),
    resume,
    bytes,
    connections: () => count.connections,
    cuts: () => count.cuts,
    close: async () => {
      resume();
      reset();
      await new Promise((done) => listener.close(done));
    },
  };
}

// One side's violent end is the other's, too; in a stall nobody learns anything.
function tie({ client, server }: Pair, forget: () => void, tells: () => boolean): void {
  for (const [one, other] of [
    [client, server],
    [server, client],
  ] as const) {
    one.on("error", () => {
      if (tells()) breakOff(other);
    });
    one.on("close", () => {
      if (client.destroyed && server.destroyed) forget();
    });
  }
}
