import { randomBytes } from "node:crypto";
import { DeployError, type Secret } from "@deploy/core";
import type { Source } from "@deploy/remote";
import type { Store } from "@deploy/store";
import { type BackUpOptions, backUp, sourceAt } from "./backUp.ts";
import { besideName, nameOf } from "./host/names.ts";
import { newestBackup } from "./list/newest.ts";
import { readBackup } from "./manifest/read.ts";
import { restoreBackup } from "./restore/restore.ts";
import { isProved } from "./retain/plan.ts";
import { checkSigned, whyUnsigned } from "./sign/manifest.ts";
import type { BackupManifest, Restored, RestoreRequest } from "./types.ts";

/** What a person asked for. `confirm` and `into` exclude each other; without both it goes to a new name that we choose. */
export interface BringBackOptions extends BackUpOptions {
  /** A backup, or `latest`. */
  readonly id: string;
  /** New database, file or folder. */
  readonly into?: string;
  /** The name of the database that is replaced, typed by whoever wants that. The caller holds the fleet lock. */
  readonly confirm?: string;
  readonly identity?: Secret;
  /** `app/environment`: whose backup it is, where it is another's than this one's. */
  readonly of?: string;
  /** Take the one of this id whoever made it. */
  readonly unsigned?: boolean;
  readonly disconnect?: boolean;
  readonly plainOwners?: boolean;
  /** Past what fails, into a database that says in its name that it is not whole. */
  readonly keepGoing?: boolean;
}

export interface BroughtBack {
  readonly backup: BackupManifest;
  readonly restored: Restored;
}

/** Brings a backup back, beside what is there or in its place. Throws `backup-missing` and what `restoreBackup` throws. */
export async function bringBack(options: BringBackOptions): Promise<BroughtBack> {
  const { transport, store, identity, signal, onNote, onProgress, plainOwners, keepGoing } = options;
  checkTarget(options);
  const backup = await findBackup(options);
  const source = await sourceAt(options);
  const restored = await restoreBackup({
    backup,
    source,
    transport,
    store,
    signal,
    onNote,
    into: intoOf(options, backup, source),
    ...(identity === undefined ? {} : { identity }),
    ...(onProgress === undefined ? {} : { onProgress }),
    ...(plainOwners === undefined ? {} : { plainOwners }),
    ...(keepGoing === undefined ? {} : { keepGoing }),
  });
  return { backup, restored };
}

function checkTarget({ into, confirm, keepGoing }: BringBackOptions): void {
  if (keepGoing === true && (into ?? confirm) !== undefined) {
    throw new DeployError(
      "restore-confirm",
      "What may not be whole gets a name that says so, and replaces nothing",
      {
        hint: "Give --keep-going without --into and --confirm.",
        inAction: "Give `keep-going` without `into` and `confirm`.",
      },
    );
  }
  if (into === undefined || confirm === undefined) return;
  throw new DeployError("restore-confirm", "A new name and the name to replace were both given", {
    hint: "Give --into for a new database beside the old one, or --confirm to replace it.",
    inAction: "Give `into` for a new database beside the old one, or `confirm` to replace it.",
  });
}

/**
 * `latest`: the newest proved one of this app and environment, signed where the config says by whom. Throws `backup-missing`,
 * `backup-unsigned`.
 */
export async function findBackup(
  options: Pick<BringBackOptions, "backup" | "store" | "id" | "app" | "environment" | "of" | "unsigned">,
): Promise<BackupManifest> {
  const { store, id, of: owner = `${options.app}/${options.environment}`, unsigned = false } = options;
  const { signedBy } = options.backup;
  if (id === "latest") {
    if (unsigned) throw new DeployError("backup-unsigned", "An unsigned backup is named by its id");
    return newestOf(store, owner, signedBy);
  }
  const found = await readBackup(store, id);
  if (!unsigned) checkSigned(found, signedBy, owner);
  return found;
}

async function newestOf(
  store: Store,
  owner: string,
  signedBy: readonly string[] | undefined,
): Promise<BackupManifest> {
  const found = await newestBackup(
    store,
    (each) =>
      `${each.app}/${each.environment}` === owner &&
      isProved(each) &&
      whyUnsigned(each, signedBy) === undefined,
  );
  if (found !== undefined) return found;
  const signed = signedBy === undefined ? "" : ` that is signed by ${signedBy.join(" or ")}`;
  throw new DeployError("backup-missing", `${store.location} holds no proved backup of ${owner}${signed}`);
}

function intoOf(options: BringBackOptions, backup: BackupManifest, source: Source): RestoreRequest["into"] {
  const { confirm, into, disconnect, keepGoing } = options;
  if (keepGoing === true) {
    return { kind: "new", name: besideName(source, "incomplete", randomBytes(2).toString("hex")) };
  }
  if (confirm === undefined)
    return { kind: "new", name: into ?? `${nameOf(source)}_restored_${backup.id.slice(0, 16)}` };
  return {
    kind: "replace",
    confirm,
    freshBackup: async () => (await backUp(options)).manifest,
    ...(disconnect === undefined ? {} : { disconnect }),
  };
}

export interface RehearsedBringBack {
  readonly backup: BackupManifest;
  /** What would be made, or replaced. */
  readonly name: string;
  readonly replaces: boolean;
}

/** What would be done: the backup is found and the request is checked; the host is not asked. */
export async function rehearseBringBack(options: BringBackOptions): Promise<RehearsedBringBack> {
  checkTarget(options);
  const backup = await findBackup(options);
  const source = await sourceAt(options);
  const name = nameOf(source);
  const into = intoOf(options, backup, source);
  if (into.kind === "new") return { backup, name: into.name, replaces: false };
  if (into.confirm !== name) {
    throw new DeployError("restore-confirm", `${JSON.stringify(into.confirm)} is not the name ${name}`);
  }
  return { backup, name, replaces: true };
}
