import { type ActionContext, type ActionResult, databaseSettings, runAction } from "@deploy/action-kit";
import { backUp, progressLines, rehearseBackUp } from "@deploy/backup";
import { openDatabase } from "@deploy/session";
import { type Inputs, inputs, readInputs } from "./inputs.ts";
import { rehearsed, told } from "./result.ts";

await runAction({ inputs, read: readInputs, main: backup });

/** Dumps, stores, proves; then, and only then, lets older backups go. */
async function backup(inputs: Inputs, context: ActionContext): Promise<ActionResult> {
  const { log, signal, github } = context;
  const database = await openDatabase(databaseSettings(inputs, context, "backup"));
  const { location } = database.store;
  const asked = {
    ...database,
    run: github.runUrl,
    by: github.actor,
    now: new Date(),
    signal,
    allowIdentityChange: inputs.allowIdentityChange,
    onNote: (text: string) => log.warning(text),
    onProgress: progressLines((line) => log.text(line), 10_000),
    ...(inputs.signingKey === undefined ? {} : { signingKey: inputs.signingKey }),
    ...(inputs.ageKey === undefined ? {} : { identity: inputs.ageKey }),
  };
  try {
    log.group(`back up to ${location}`);
    if (inputs.dryRun) return rehearsed(await rehearseBackUp(asked), location);
    const made = await backUp(asked);
    log.endGroup();
    return told(made, location, log);
  } finally {
    await database.close();
  }
}
