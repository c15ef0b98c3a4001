import { bringBack, rehearseBringBack, renderRestored, sayMaker } from "@deploy/backup";
import { openDatabase } from "@deploy/session";
import { databaseOptions, readAgeKey, readSigningKey } from "../database.ts";
import { reading } from "../failure.ts";
import { whoRuns } from "../fleet.ts";
import { signalOf } from "../io.ts";
import type { RestoreOptions } from "../options.ts";
import { plainText } from "../plain.ts";
import { progress } from "./backup.ts";
import type { Context } from "./context.ts";

/** Brings a backup back: into a new database, or (`--confirm NAME`) in the place of the one that is there. */
export async function restoreCommand(id: string, options: RestoreOptions, context: Context): Promise<number> {
  const { io, screen, now } = context;
  const [settings, identity, signingKey] = await reading(async () => [
    await databaseOptions(options, "restore", context),
    await readAgeKey(options.ageKey, io),
    await readSigningKey(options.signingKey, io),
  ]);
  const database = await openDatabase(settings);
  const asked = {
    ...database,
    id,
    run: "",
    by: whoRuns(),
    now,
    signal: signalOf(io),
    allowIdentityChange: options.allowIdentityChange,
    disconnect: options.disconnect,
    plainOwners: options.plainOwners,
    unsigned: options.unsigned,
    ...(options.of === undefined ? {} : { of: options.of }),
    keepGoing: options.keepGoing,
    onNote: (text: string) => screen.warn(`Note: ${text}`),
    onProgress: progress(context),
    ...(options.into === undefined ? {} : { into: options.into }),
    ...(options.confirm === undefined ? {} : { confirm: options.confirm }),
    ...(signingKey === undefined ? {} : { signingKey }),
    ...(identity === undefined ? {} : { identity }),
  };
  try {
    const planned = await rehearseBringBack(asked);
    const how = planned.replaces ? "in the place of" : "as the new";
    screen.say(`Backup ${planned.backup.id} of ${planned.backup.created} comes back ${how} ${planned.name}.`);
    screen.say(plainText(sayMaker(planned.backup)));
    if (options.dryRun) {
      screen.answer(planned);
      return 0;
    }
    const back = () => bringBack(asked);
    const done = await (planned.replaces ? database.underLock(back) : back());
    screen.say(renderRestored(done));
    screen.answer(done);
    return 0;
  } finally {
    await database.close();
  }
}
