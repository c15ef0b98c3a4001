import { listBackups, renderBackupsText } from "@deploy/backup";
import { openBackups } from "@deploy/session";
import { configOptions } from "../database.ts";
import { reading } from "../failure.ts";
import { type BackupsOptions, flagsOf } from "../options.ts";
import type { Context } from "./context.ts";

/** Lists what the store holds: whole backups, leftovers, and what is damaged. */
export async function backupsCommand(options: BackupsOptions, { io, screen, now }: Context): Promise<number> {
  const { backup, store } = await reading(() =>
    openBackups({
      ...configOptions(options, io),
      backupOverrides: flagsOf(options, ["backup"]),
      identity: { sessionName: "deploy" },
    }),
  );
  try {
    const list = await listBackups(store);
    screen.say(`${store.location}\n`);
    screen.say(renderBackupsText(list, now, backup.signedBy));
    screen.answer(list);
    return 0;
  } finally {
    store.close();
  }
}
