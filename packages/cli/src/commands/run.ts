import { allPhases } from "@deploy/engine";
import { settle, withFleet } from "../fleet.ts";
import type { ChangeOptions, FleetOptions, PackOptions } from "../options.ts";
import { withPacked } from "../pack.ts";
import { carryOut, needsAnswer } from "./carryOut.ts";
import type { Context } from "./context.ts";

/** Deploys the working folder to every server of the environment, all or none. */
export async function runCommand(
  options: FleetOptions & PackOptions & ChangeOptions,
  context: Context,
): Promise<number> {
  needsAnswer("run", options, context.io);
  const settled = await settle(options, context.io);
  return withPacked(settled.config, options, context, ({ commit, artifact }) => {
    const open = { verbose: options.verbose, dryRun: options.dryRun, commit: commit.commit, phase: "deploy" };
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
