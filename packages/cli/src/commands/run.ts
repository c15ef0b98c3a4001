import { allPhases } from "@deploy/engine";
import { checkStores, deployRequest } from "@deploy/session";
import { readSigningKey } from "../database.ts";
import { reading } from "../failure.ts";
import { readSettings, withFleet } from "../fleet.ts";
import { foldersFor } from "../io.ts";
import type { RunOptions } from "../options.ts";
import { withPacked } from "../pack.ts";
import { carryOut, needsAnswer } from "./carryOut.ts";
import type { Context } from "./context.ts";

/** Deploys the working folder to every server of the environment, all or none. */
export async function runCommand(options: RunOptions, context: Context): Promise<number> {
  needsAnswer("run", options, context.io);
  const settings = await readSettings(options, context.io);
  const signingKey = await reading(async () => {
    checkStores(settings.config, foldersFor(context.io));
    return readSigningKey(options.signingKey, context.io);
  });
  return withPacked(settings.config, options, context, ({ commit, artifact: packing, signal }) => {
    const { verbose, dryRun, lockWait, retry, resolve, allowIdentityChange } = options;
    const migration = { retry, ...(resolve === undefined ? {} : { resolve }) };
    const said = { lockWait, migration, allowIdentityChange, signingKey };
    const open = { verbose, dryRun, commit, phase: "deploy", signal, ...said };
    return withFleet(settings, open, context, async (session) => {
      const artifact = await packing;
      const plan = session.plan(deployRequest(artifact, context.now, options));
      return carryOut({ session, plan, phases: allPhases, artifact }, options, context);
    });
  });
}
