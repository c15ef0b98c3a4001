import { backUp, progressLines, rehearseBackUp, renderBackupText, sayBackedUp } from "@deploy/backup";
import { openDatabase } from "@deploy/session";
import { databaseOptions, readAgeKey, readSigningKey } from "../database.ts";
import { reading } from "../failure.ts";
import { whoRuns } from "../fleet.ts";
import { signalOf } from "../io.ts";
import type { BackupOptions } from "../options.ts";
import type { Context } from "./context.ts";

/** Makes a backup now, proves it, and lets older ones go. */
export async function backupCommand(options: BackupOptions, context: Context): Promise<number> {
  const { io, screen, now } = context;
  const [settings, identity, signingKey] = await reading(async () => [
    await databaseOptions(options, "backup", context),
    await readAgeKey(options.ageKey, io),
    await readSigningKey(options.signingKey, io),
  ]);
  const database = await openDatabase(settings);
  const asked = {
    ...database,
    run: "",
    by: whoRuns(),
    now,
    signal: signalOf(io),
    allowIdentityChange: options.allowIdentityChange,
    onNote: (text: string) => screen.warn(`Warning: ${text}`),
    onProgress: progress(context),
    ...(signingKey === undefined ? {} : { signingKey }),
    ...(identity === undefined ? {} : { identity }),
  };
  try {
    if (options.dryRun) {
      const { facts, verdicts } = await rehearseBackUp(asked);
      screen.say(`Would back up ${facts.name} (${facts.server}) to ${database.store.location}.`);
      for (const { id, keep, because } of verdicts) {
        screen.say(`  ${keep ? "keep  " : "remove"} ${id}: ${because.join(", ")}`);
      }
      screen.answer({ facts, verdicts });
      return 0;
    }
    const made = await backUp(asked);
    screen.say(renderBackupText(made.manifest, made.retained));
    screen.say(`To bring it back: ${sayBackedUp(made).restore}`);
    screen.answer(made.manifest);
    return 0;
  } finally {
    await database.close();
  }
}

/** A line every few seconds. */
export function progress({ screen }: Context): ReturnType<typeof progressLines> {
  return progressLines((line) => screen.say(screen.paint("dim", line)), 3000);
}
