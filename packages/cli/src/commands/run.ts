import { allPhases } from "@deploy/engine";
import { settle, withFleet } from "../fleet.ts";
import type { ChangeOptions, FleetOptions, LockOptions, MigrationOptions, PackOptions } from "../options.ts";
import { withPacked } from "../pack.ts";
import { carryOut, needsAnswer } from "./carryOut.ts";
import type { Context } from "./context.ts";

/** Deploys the working folder to every server of the environment, all or none. */
export async function runCommand(
  options: FleetOptions & PackOptions & ChangeOptions & LockOptions & MigrationOptions,
  context: Context,
): Promise<number> {
  needsAnswer("run", options, context.io);
  const settled = await settle(options, context.io);
  return withPacked(settled.config, options, context, ({ commit, artifact }) => {
    const { verbose, dryRun, lockWait, retry, resolve } = options;
    const migration = { retry, ...(resolve === undefined ? {} : { resolve }) };
    const open = { verbose, dryRun, commit: commit.commit, phase: "deploy", lockWait, migration };
    return withFleet(settled, open, context, (session) => {
      const request = {
        kind: "deploy",
        now: context.now,
        commit: commit.commit,
        artifact: artifact.artifact,
      } as const;
      const plan = session.plan(request);
      return carryOut({ session, plan, phases: allPhases, artifact }, options, context);
    });
  });
}
