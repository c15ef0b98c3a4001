import { randomBytes } from "node:crypto";
import { count, DeployError } from "@deploy/core";
import { checkSwap, driverOf, swapDatabase } from "@deploy/remote";
import { checkFits } from "../age/decrypt.ts";
import { ask, whileRestoring } from "../host/ask.ts";
import { besideName, nameOf } from "../host/names.ts";
import { orCancelled, withNote } from "../host/place.ts";
import { ProgressTeller } from "../progress.ts";
import { isProved } from "../retain/plan.ts";
import type { Restored, RestoreRequest } from "../types.ts";
import { restoreInto } from "./into.ts";
import { noIdentity } from "./payload.ts";

/**
 * Brings a backup back: into a new database, or aside and then in the place of the one that is there. Until the last moment nothing that
 * exists is touched, and what was there stays under another name. Throws `restore-confirm`, `restore-refused`, `backup-key`,
 * `backup-damaged`, `backup-cancelled`, `restore-incomplete`, and what the host refused (`restore-…`, `disk-full`).
 */
export async function restoreBackup(request: RestoreRequest): Promise<Restored> {
  try {
    await checkRequest(request);
    const { into } = request;
    return into.kind === "new" ? await restoreNew(request, into.name) : await replace(request, into);
  } catch (error) {
    throw orCancelled("restore", request.signal, error);
  }
}

async function checkRequest(request: RestoreRequest): Promise<void> {
  const { backup, source, identity, into, keepGoing, store } = request;
  if (keepGoing === true && into.kind === "replace") throw refused("What is not whole replaces nothing");
  if (keepGoing === true && driverOf(source.kind).url === undefined) {
    throw refused(`A restore of ${source.kind} cannot go on past what fails`);
  }
  if (driverOf(backup.database.kind).form !== driverOf(source.kind).form) {
    throw refused(`${backup.id} is a dump of ${backup.database.kind}, and this is ${source.kind}`);
  }
  if (into.kind === "replace" && into.confirm !== nameOf(source)) {
    throw new DeployError(
      "restore-confirm",
      `${JSON.stringify(into.confirm)} is not the name ${nameOf(source)}`,
    );
  }
  if (backup.recipients.length > 0) {
    if (identity === undefined) throw noIdentity(backup.recipients);
    await checkFits(identity, backup.recipients);
  }
  const found = await store.details(backup.stored.key);
  const key = backup.stored.key;
  if (found === undefined) throw damaged(`The object ${key} of ${backup.id} is not in ${store.location}`);
  if (found.size !== backup.stored.size) {
    throw damaged(`The object ${key} has ${found.size} bytes, the manifest says ${backup.stored.size}`);
  }
}

async function restoreNew(request: RestoreRequest, name: string): Promise<Restored> {
  const { backup, onNote, onProgress } = request;
  const progress = new ProgressTeller("restore", backup.stored.size, onProgress);
  const owners = request.plainOwners !== true;
  const { tool } = backup.database;
  const { tables, warnings, failures } = await restoreInto({ ...request, name, owners, tool, progress });
  for (const warning of warnings) onNote?.(warning);
  if (failures === undefined) return { name, tables };
  for (const failure of failures) onNote?.(failure);
  const held = `${name} holds the rest (${count(tables, "table")})`;
  throw new DeployError("restore-incomplete", `${backup.id} is not whole, as told above: ${held}`);
}

async function replace(
  request: RestoreRequest,
  { freshBackup, disconnect = false }: Extract<RestoreRequest["into"], { kind: "replace" }>,
): Promise<Restored> {
  const { source, onNote } = request;
  await ask(request, checkSwap(source), whileRestoring);
  const fresh = await freshBackup();
  if (!isProved(fresh)) throw refused(`The backup of what is there now, ${fresh.id}, is not proved`);
  onNote?.(`What is there now is kept as backup ${fresh.id}.`);
  request.signal?.throwIfAborted();
  const suffix = randomBytes(2).toString("hex");
  const aside = besideName(source, "deploy_restore", suffix);
  const keepAs = besideName(source, "before", suffix);
  const restored = await restoreNew(request, aside);
  try {
    const command = swapDatabase(source, { from: aside, keepAs, disconnect });
    const { kept, warnings } = await ask(request, command, whileRestoring);
    for (const warning of warnings) onNote?.(warning);
    return { name: nameOf(source), tables: restored.tables, ...(kept ? { previous: keepAs } : {}) };
  } catch (failure) {
    const error = orCancelled("restore", request.signal, failure);
    throw withNote(error, `The restored data lies whole in ${aside}`);
  }
}

function refused(why: string): DeployError {
  return new DeployError("restore-refused", why);
}

function damaged(why: string): DeployError {
  return new DeployError("backup-damaged", why);
}
