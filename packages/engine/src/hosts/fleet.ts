import type { Host, Problem } from "@deploy/core";
import { problemOf } from "@deploy/core";
import type { Clock, Connect, Transport } from "@deploy/transport";
import type { EngineEvent } from "../types.ts";

/** One host's connection: lost ones are opened again, within bounds. */
export interface Link {
  readonly host: Host;
  /** Undefined while there is no connection; `problem` then says why. */
  transport: Transport | undefined;
  problem: Problem | undefined;
  /** Drops what is left of the connection and tries for `patience`; true when there is a new one. Who asks meanwhile waits for the same one. */
  reconnect(): Promise<boolean>;
  /** Ends the connection, and the search for a new one. */
  close(): Promise<void>;
}

export interface Fleet {
  readonly hosts: readonly Host[];
  readonly leader: string;
  readonly links: ReadonlyMap<string, Link>;
  close(): Promise<void>;
}

export interface FleetOptions {
  readonly hosts: readonly Host[];
  readonly leader: string;
  readonly connect: Connect;
  readonly events: (event: EngineEvent) => void;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** Milliseconds between attempts to reach a host again; their number bounds the wait. */
  readonly patience?: readonly number[];
}

const defaultPatience = [0, 500, 1_000, 2_000, 4_000, 8_000];

/** Connects to every host at once. One host's failure is a fact about that host, never an exception. */
export async function openFleet(options: FleetOptions): Promise<Fleet> {
  const links = new Map(options.hosts.map((host) => [host.name, linkTo(host, options)]));
  await Promise.all([...links.values()].map((link) => open(link, options)));
  return {
    hosts: options.hosts,
    leader: options.leader,
    links,
    async close() {
      await Promise.all([...links.values()].map((link) => link.close()));
    },
  };
}

export function linkOf(fleet: Fleet, host: string): Link {
  const link = fleet.links.get(host);
  if (link === undefined) throw new Error(`${host} is not in this fleet`);
  return link;
}

async function open(link: Link, options: FleetOptions): Promise<boolean> {
  try {
    link.transport = await options.connect(link.host, options.signal);
    link.problem = undefined;
    return true;
  } catch (error) {
    const problem = problemOf(error);
    link.problem = { ...problem, place: { host: link.host.name, ...problem.place } };
    return false;
  }
}

function linkTo(host: Host, options: FleetOptions): Link {
  // The run's own signal does not count here: a cancelled run must still learn what it left behind.
  const closed = new AbortController();
  const { signal } = closed;
  let search: Promise<boolean> | undefined;
  const searchAgain = async () => {
    await link.transport?.close();
    link.transport = undefined;
    for (const pause of options.patience ?? defaultPatience) {
      await options.clock.sleep(pause, signal);
      if (signal.aborted) return false;
      options.events({ kind: "note", host: host.name, text: "connection lost, connecting again" });
      if (await open(link, { ...options, signal })) return true;
    }
    return false;
  };
  const link: Link = {
    host,
    transport: undefined,
    problem: undefined,
    reconnect() {
      search ??= searchAgain().finally(() => {
        search = undefined;
      });
      return search;
    },
    async close() {
      closed.abort();
      await search;
      await link.transport?.close();
    },
  };
  return link;
}
