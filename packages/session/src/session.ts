import { type Facts, plan } from "@deploy/core";
import { openFleet, probeFleet, releaseLock, runPlan } from "@deploy/engine";
import { systemClock } from "@deploy/transport";
import { loadConfig } from "./config.ts";
import { connectorOf } from "./connect.ts";
import type { Session, SessionOptions } from "./types.ts";
import { verifyPlan } from "./verify.ts";

/** Lines of each host's journal that are read along. */
const journal = 20;

/**
 * Reads the config, connects to every host and probes it: from here on plan and run are one line each. Throws for
 * config and credentials; a host that cannot be reached is a fact, which the plan names.
 */
export async function openSession(options: SessionOptions): Promise<Session> {
  const { events, signal, dryRun, owner, runUrl } = options;
  const config = await loadConfig(options);
  const { hosts, leader, deployTo: base, shared } = config;
  const clock = systemClock;
  const fleet = await openFleet({ hosts, leader, connect: connectorOf(options), events, signal, clock });
  const facts = await probeFleet(fleet, { base, sharedFiles: shared.files, journal });
  return {
    config,
    facts,
    plan(request, approved) {
      const fresh = plan(config, facts, { ...request, owner: owner.id });
      if (approved !== undefined) verifyPlan(approved, fresh);
      return fresh;
    },
    run: (request) =>
      runPlan(fleet, { keepLock: false, ...request, facts, owner, events, signal, dryRun, runUrl, clock }),
    async releaseLock() {
      const token = heldToken(facts, leader, owner.id);
      return token !== undefined && (await releaseLock(fleet, { base, owner: owner.id, token }));
    },
    close: () => fleet.close(),
  };
}

/** The token of the leader's lock, if it was this owner's when the fleet was probed. */
function heldToken(facts: readonly Facts[], leader: string, owner: string): number | undefined {
  const read = facts.find(({ host }) => host === leader);
  return read?.reached === true && read.lock.owner?.id === owner ? read.lock.token : undefined;
}
