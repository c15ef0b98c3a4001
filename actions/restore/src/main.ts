import { type ActionContext, type ActionResult, databaseSettings, runAction } from "@deploy/action-kit";
import { bringBack, progressLines, rehearseBringBack } from "@deploy/backup";
import { openDatabase } from "@deploy/session";
import { type Inputs, inputs, readInputs } from "./inputs.ts";
import { rehearsed, told } from "./result.ts";

await runAction({ inputs, read: readInputs, main: restore });

/** Beside what is there; or in its place, under the fleet lock and after a fresh backup of it. */
async function restore(inputs: Inputs, context: ActionContext): Promise<ActionResult> {
  const { log, signal, github } = context;
  const database = await openDatabase(databaseSettings(inputs, context, "restore"));
  const { into, confirm, ageKey, of, unsigned, signingKey } = inputs;
  const asked = {
    ...database,
    id: inputs.backup,
    run: github.runUrl,
    by: github.actor,
    now: new Date(),
    signal,
    allowIdentityChange: inputs.allowIdentityChange,
    disconnect: inputs.disconnect,
    plainOwners: inputs.plainOwners,
    unsigned,
    keepGoing: inputs.keepGoing,
    onNote: (text: string) => log.warning(text),
    onProgress: progressLines((line) => log.text(line), 10_000),
    ...(into === undefined ? {} : { into }),
    ...(confirm === undefined ? {} : { confirm }),
    ...(of === undefined ? {} : { of }),
    ...(signingKey === undefined ? {} : { signingKey }),
    ...(ageKey === undefined ? {} : { identity: ageKey }),
  };
  try {
    log.group(`restore from ${database.store.location}`);
    if (inputs.dryRun) return rehearsed(await rehearseBringBack(asked));
    const back = () => bringBack(asked);
    return told(await (confirm === undefined ? back() : database.underLock(back)));
  } finally {
    await database.close();
  }
}
