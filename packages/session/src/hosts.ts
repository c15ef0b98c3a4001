import type { Config, Facts, Host } from "@deploy/core";
import { type Fleet, openFleet, probeFleet } from "@deploy/engine";
import { type Clock, systemClock } from "@deploy/transport";
import { loadConfig } from "./config.ts";
import { connectorOf } from "./connect.ts";
import type { SessionOptions } from "./types.ts";

/** What opening some hosts takes: no plan, and no run. */
export type HostsOptions = Omit<
  SessionOptions,
  "owner" | "runUrl" | "dryRun" | "isOver" | "migration" | "backups"
>;

/** Hosts that are open for what people do every day; those that were not reached are facts. */
export interface OpenHosts {
  readonly config: Config;
  readonly fleet: Fleet;
  readonly facts: readonly Facts[];
  readonly clock: Clock;
  close(): Promise<void>;
}

/** Connects to the hosts that `choose` names, and no other: one that is dead keeps nobody from the rest. Throws for the config. */
export async function openHosts(
  options: HostsOptions,
  choose: (config: Config) => readonly Host[],
): Promise<OpenHosts> {
  const config = await loadConfig(options);
  const { leader, deployTo: base } = config;
  const { events, signal } = options;
  const clock = systemClock;
  const hosts = choose(config);
  const connect = await connectorOf({ ...options, dryRun: false }, hosts);
  const fleet = await openFleet({ hosts, leader, connect, events, signal, clock });
  const facts = await probeFleet(fleet, { base, sharedFiles: [], journal: 0 });
  return { config, fleet, facts, clock, close: () => fleet.close() };
}
