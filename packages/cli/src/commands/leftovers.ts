import { listLeftovers, removeLeftover, sourceAt } from "@deploy/backup";
import { dataSize } from "@deploy/core";
import { openDatabase } from "@deploy/session";
import { confirm } from "../confirm.ts";
import { databaseOptions } from "../database.ts";
import { Cancelled, reading } from "../failure.ts";
import { signalOf } from "../io.ts";
import type { BackupOptions, ChangeOptions } from "../options.ts";
import { plainText } from "../plain.ts";
import { needsAnswer } from "./carryOut.ts";
import type { Context } from "./context.ts";

/** Lists what restores left beside the database; with a name, removes that one for good. */
export async function leftoversCommand(
  name: string | undefined,
  options: BackupOptions & ChangeOptions,
  context: Context,
): Promise<number> {
  const { io, screen } = context;
  if (name !== undefined) needsAnswer("leftovers", options, io);
  const database = await openDatabase(await reading(() => databaseOptions(options, "leftovers", context)));
  try {
    const asked = { ...database, source: await sourceAt(database), signal: signalOf(io) };
    const left = await listLeftovers(asked);
    const words = left.map((each) => `  ${plainText(each.name)}  ${dataSize(each.bytes)}`);
    screen.say(["Left by restores:", ...(words.length === 0 ? ["  nothing"] : words)].join("\n"));
    if (name !== undefined && !options.dryRun) {
      if (!options.yes && !(await confirm(io, `Remove ${plainText(name)} for good?`))) throw new Cancelled();
      const { bytes } = await database.underLock(() => removeLeftover(asked, name));
      screen.say(`Removed ${plainText(name)}, ${dataSize(bytes)}.`);
    }
    screen.answer({ schema: 1, exitCode: 0, left });
    return 0;
  } finally {
    await database.close();
  }
}
