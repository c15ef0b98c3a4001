import { type Config, DeployError, type Facts, stepEnvFile } from "@deploy/core";
import { type Fleet, removeFleet } from "@deploy/engine";
import { systemClock } from "@deploy/transport";
import type { Removed, SessionOptions } from "./types.ts";

/**
 * Takes an environment of many away, uploads and all; one that is not there is `nothing`. Throws `argument-refused` for an
 * environment of its own, `deploy-to-taken`, and what `removeFleet` throws.
 */
export async function removeEnvironment(
  fleet: Fleet,
  { config, facts }: { readonly config: Config; readonly facts: readonly Facts[] },
  { owner, dryRun, events, signal }: Pick<SessionOptions, "owner" | "dryRun" | "events" | "signal">,
): Promise<Removed> {
  const { app, environment, deployTo: base, remove: commands = [] } = config;
  if (config.many !== true) {
    throw new DeployError(
      "argument-refused",
      `${environment} is an environment of its own, and only one of many is removed`,
      {
        hint: `Nothing was touched. Where it is really to go, remove ${base} on its hosts by hand.`,
      },
    );
  }
  const there = facts.flatMap((host) => (host.reached ? [host] : []));
  for (const { host, tenant } of there) {
    if (tenant === undefined || (tenant.app === app && tenant.environment === environment)) continue;
    const message = `${base} belongs to ${tenant.app}/${tenant.environment}: it is not removed`;
    throw new DeployError("deploy-to-taken", message, { place: { host } });
  }
  const isEmpty = there.every(({ tenant, releases }) => tenant === undefined && releases.length === 0);
  if (isEmpty && there.length === facts.length) return "nothing";
  if (dryRun) return "planned";
  const envFile = stepEnvFile(config);
  const file = envFile === undefined ? {} : { envFile };
  const live = there.filter(({ current }) => current.kind === "release").map(({ host }) => host);
  await removeFleet(fleet, { live, base, owner, events, signal, clock: systemClock, commands, ...file });
  return "removed";
}
