import { compareManifests, envFilesOf, type Facts, type Plan } from "@deploy/core";
import {
  driftOf,
  type Fleet,
  leaderManifest,
  leaderOf,
  openFleet,
  probeFleet,
  releaseLock,
  underLock,
  withStandings,
} from "@deploy/engine";
import { systemClock } from "@deploy/transport";
import { balancersBy } from "./balancers.ts";
import { digestedConfig } from "./config.ts";
import { connectorOf, jumpLine } from "./connect.ts";
import { plannerOf } from "./planner.ts";
import { rehearsed } from "./playbook.ts";
import { repairOf } from "./repair.ts";
import { runsOf } from "./runs.ts";
import { shelfOf } from "./shelf.ts";
import type { Session, SessionOptions } from "./types.ts";

/**
 * Reads the config, connects to every host and probes it: from here on plan and run are one line each. Throws for
 * config and credentials; a host that cannot be reached is a fact, which the plan names.
 */
export async function openSession(options: SessionOptions): Promise<Session> {
  const { events, signal, owner, identity = { sessionName: "deploy" }, journal = 20 } = options;
  const { config, configDigest } = await digestedConfig(options);
  const { hosts, leader, deployTo: base, shared } = config;
  const clock = systemClock;
  const connect = await connectorOf(options, hosts);
  const fleet = await openFleet({ hosts, leader, connect, events, signal, clock });
  const pool = balancersBy(connect);
  const version = versioned.find((program) => program === config.upload?.method);
  const sharedFiles = [...new Set([...shared.files, ...envFilesOf(config)])];
  const sharedDirectories = shared.directories;
  const probed = await probeFleet(fleet, { base, sharedFiles, sharedDirectories, journal, version }, clock);
  const facts = await withStandings(fleet, config, probed, { owner: owner.id, means: pool });
  const shelf = shelfOf({ ...options, ...config, identity });
  const planner = plannerOf(config, facts, {
    ...owner,
    configDigest,
    jumpHost: jumpLine(options.connection),
  });
  return {
    config,
    facts,
    plan: planner.plan,
    changes: (plan, manifest) => changesOf(fleet, plan, manifest),
    rehearse: (plan, artifact) =>
      rehearsed(fleet, plan, artifact, { signal, vaultOf: options.vaultOf ?? (() => undefined) }),
    run: runsOf({ fleet, config, facts, planner, pool, shelf }, { ...options, identity }),
    async releaseLock() {
      const token = heldToken(facts, leader, owner.id);
      return token !== undefined && (await releaseLock(fleet, { base, owner: owner.id, token }));
    },
    // Late: every action opens a session, and few examine.
    examine: async (now, github) =>
      (await import("./doctor.ts")).doctorOf(fleet, { config, facts, github }, options, now),
    drift: () => driftOf(fleet, { base, writes: config.writes ?? [] }),
    leader: () => leaderOf(fleet),
    underLock: (work) => underLock(fleet, { base, owner, clock, events }, work),
    repair: repairOf(fleet, { config, facts }, options),
    close: async () => void (await Promise.all([fleet.close(), pool.close()])),
  };
}

/** Upload methods that are programs of hosts, and not good in every version. */
const versioned = ["rsync", "git"] as const;

async function changesOf(fleet: Fleet, plan: Plan, manifest: string | undefined) {
  const from = plan.hosts.find(({ host }) => host === plan.leader)?.from ?? null;
  if (from === null || plan.release === "") return undefined;
  const [live, planned] = await Promise.all([
    leaderManifest(fleet, plan.deployTo, from),
    manifest ?? leaderManifest(fleet, plan.deployTo, plan.release),
  ]);
  return live === undefined || planned === undefined ? undefined : compareManifests(live, planned);
}

/**
 * The token of the leader's lock, if it was this owner's when the fleet was probed. None while a job runs: whoever
 * comes next must find both.
 */
function heldToken(facts: readonly Facts[], leader: string, owner: string): number | undefined {
  const read = facts.find(({ host }) => host === leader);
  if (read?.reached !== true || read.lock.owner?.id !== owner) return undefined;
  return read.jobs?.some(({ state }) => state === "running") ? undefined : read.lock.token;
}
