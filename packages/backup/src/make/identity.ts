import { DeployError } from "@deploy/core";
import { driverOf, type SourceFacts } from "@deploy/remote";
import { newestBackup } from "../list/newest.ts";
import { whyUnsigned } from "../sign/manifest.ts";
import type { BackupManifest, BackupRequest } from "../types.ts";

/**
 * Compares the database with that of the last backup of the same app, environment and kind. Throws `backup-identity`: a URL that
 * suddenly leads to another server would fill the store with the wrong data while the right ones are pruned.
 */
export async function checkSameDatabase(request: BackupRequest, facts: SourceFacts): Promise<void> {
  if (request.allowIdentityChange === true) return;
  const { app, environment, source, store, signedBy } = request;
  const ours = (each: BackupManifest) =>
    each.app === app && each.environment === environment && each.database.kind === source.kind;
  // Where there are signed ones, a planted one stops no backup.
  const last =
    (await newestBackup(store, (each) => ours(each) && whyUnsigned(each, signedBy) === undefined)) ??
    (await newestBackup(store, ours));
  if (last === undefined) return;
  const { name, identity } = last.database;
  // What a command is called is its folder, which is another one in each release.
  const named = driverOf(source.kind).nameOf !== undefined;
  const changed = [
    ...(!named || name === facts.name
      ? []
      : [`its name is ${JSON.stringify(facts.name)}, it was ${JSON.stringify(name)}`]),
    ...(identity === "" || facts.identity === "" || identity === facts.identity
      ? []
      : [`its server is ${facts.identity}, it was ${identity}`]),
  ];
  if (changed.length === 0) return;
  throw new DeployError(
    "backup-identity",
    `This is not the database of the backup ${last.id}: ${changed.join("; ")}`,
  );
}
