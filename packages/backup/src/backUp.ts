import { type Backup, DeployError, dataSize, type Secret } from "@deploy/core";
import {
  absoluteBase,
  inspectSource,
  type RemoteCommand,
  type Source,
  type SourceFacts,
  sharedUrl,
} from "@deploy/remote";
import type { Store } from "@deploy/store";
import type { Transport } from "@deploy/transport";
import { ask, whileDumping } from "./host/ask.ts";
import { onHost } from "./host/place.ts";
import { listBackups } from "./list/list.ts";
import { makeBackup } from "./make/make.ts";
import { restoreCommand } from "./report/command.ts";
import { packedAs, proofsOf } from "./report/parts.ts";
import { applyRetention, type Retained } from "./retain/apply.ts";
import { planRetention, type RetentionOptions } from "./retain/plan.ts";
import { sourceOf } from "./source.ts";
import type { BackupManifest, Progress, Verdict } from "./types.ts";
import { parseDatabaseUrl } from "./url/parse.ts";

/** Where the database is reached from, and which one it is. */
export interface Site {
  readonly backup: Backup;
  /** The leader's, or this machine's where `from` is `runner`. */
  readonly transport: Transport;
  /** deploy-to, as configured. */
  readonly base: string;
  /** Where commands run instead of the release: the checkout, on a runner. */
  readonly directory?: string;
  readonly url?: Secret;
  /** Hides what becomes known as a secret on the way. */
  readonly mask?: (secrets: readonly string[]) => void;
}

/** One backup as it is configured; who asks is a deploy, an action or a person. */
export interface BackUpOptions extends Site {
  readonly store: Store;
  readonly app: string;
  readonly environment: string;
  /** The release that is about to change the database. */
  readonly release?: string;
  readonly live?: string;
  readonly run: string;
  /** Who runs it, for whoever restores it. */
  readonly by?: string;
  /** PKCS#8 PEM: signs the manifest. */
  readonly signingKey?: Secret;
  /** age identity: the stored bytes are then decrypted as proof. */
  readonly identity?: Secret;
  /** Ids that releases on the leader name: they stay. */
  readonly named?: readonly string[];
  readonly allowIdentityChange?: boolean;
  readonly now: Date;
  readonly signal: AbortSignal;
  readonly onNote: (text: string) => void;
  readonly onProgress?: (progress: Progress) => void;
}

export interface BackedUp {
  readonly manifest: BackupManifest;
  readonly retained: Retained;
}

/** Makes the backup, proves it, and only then lets older ones go. Throws what `makeBackup` throws. */
export async function backUp(options: BackUpOptions): Promise<BackedUp> {
  const { backup, transport, store, release, live, identity, by, signingKey } = options;
  const { level, signedBy } = backup;
  const manifest = await makeBackup({
    app: options.app,
    environment: options.environment,
    source: await sourceAt(options, release),
    transport,
    store,
    recipients: backup.encryptTo,
    verify: backup.proof,
    compression: backup.compression,
    minimum: backup.minimum,
    run: options.run,
    now: options.now,
    signal: options.signal,
    onNote: options.onNote,
    ...(level === undefined ? {} : { level }),
    ...(identity === undefined ? {} : { identity }),
    ...(by === undefined ? {} : { by }),
    ...(signedBy === undefined ? {} : { signedBy }),
    ...(signingKey === undefined ? {} : { signingKey }),
    ...(release === undefined ? {} : { release }),
    ...(live === undefined ? {} : { live }),
    ...(options.allowIdentityChange === true ? { allowIdentityChange: true } : {}),
    ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
  });
  return { manifest, retained: await retain(options) };
}

/** What would be done, changing nothing: the source looked at, and which older ones would go beside the new one. */
export async function rehearseBackUp(
  options: BackUpOptions,
): Promise<{ readonly facts: SourceFacts; readonly verdicts: readonly Verdict[] }> {
  const facts = await lookAtSource(options);
  const { backups } = await listBackups(options.store);
  // One place fewer: the new one takes it.
  return { facts, verdicts: planRetention(backups, policyOf(options, 1), options.now) };
}

/** What a backup would find, and what a restore would miss. Throws what `makeBackup` throws before it dumps. */
export async function lookAtSource(
  options: Site & Pick<BackUpOptions, "release" | "signal">,
): Promise<SourceFacts> {
  const source = await sourceAt(options, options.release);
  const { transport, signal } = options;
  return ask({ transport, source, signal }, inspectSource(source), whileDumping);
}

/** The source as the scripts on this host know it. Throws `database-url`. */
export async function sourceAt(site: Site, release?: string): Promise<Source> {
  const { backup, directory } = site;
  const base = await baseOn(site);
  const url = await urlOn(site, base);
  return sourceOf(backup, {
    base,
    ...(release === undefined ? {} : { release }),
    ...(directory === undefined ? {} : { directory }),
    ...(url === undefined ? {} : { url }),
  });
}

/** `~/shop` is where the host's own home says. */
async function baseOn({ base, transport }: Site): Promise<string> {
  return base.startsWith("~/") ? answerOf(transport, absoluteBase(base)) : base;
}

/** As it was given, or else as the leader's own file says. */
async function urlOn({ backup, transport, url, mask }: Site, base: string): Promise<Secret | undefined> {
  if (url !== undefined || !("urlSecret" in backup) || backup.urlFrom === undefined) return url;
  const found = await answerOf(transport, sharedUrl(`${base}/shared/${backup.urlFrom}`, backup.urlSecret));
  mask?.([found.reveal(), parseDatabaseUrl(found, backup.database).password.reveal()]);
  return found;
}

async function answerOf<T>(transport: Transport, command: RemoteCommand<T>): Promise<T> {
  const result = await transport.exec(command);
  try {
    if (result.status === "exited") return command.parse(result);
    throw new DeployError("backup-cut", `${command.name}: nobody saw its end`);
  } catch (error) {
    throw onHost(transport.host.name, error);
  }
}

async function retain(options: BackUpOptions): Promise<Retained> {
  const { backups } = await listBackups(options.store);
  return applyRetention(options.store, planRetention(backups, policyOf(options), options.now));
}

function policyOf({ backup, app, environment, named = [] }: BackUpOptions, taken = 0): RetentionOptions {
  const { keep, keepFor, signedBy } = backup;
  // At least one stays, whatever is to come: it may fail.
  const rules = { keep: Math.max(1, keep - taken), ...(keepFor === undefined ? {} : { keepFor }) };
  return { app, environment, named, ...rules, ...(signedBy === undefined ? {} : { signedBy }) };
}

/** What a deploy's report says of it, and what a rollback prints. */
export function sayBackedUp({ manifest, retained }: BackedUp): {
  readonly id: string;
  readonly detail: string;
  readonly restore: string;
} {
  return {
    id: manifest.id,
    detail: [
      `${manifest.id}, ${dataSize(manifest.stored.size)} (${packedAs(manifest)})`,
      proofsOf(manifest),
      removedIn(retained),
    ]
      .filter((part) => part !== "")
      .join(", "),
    restore: restoreCommand(manifest, manifest.environment),
  };
}

function removedIn({ removed, denied }: Retained): string {
  const parts = [
    removed.length === 0 ? "" : `${removed.length} older removed`,
    denied.length === 0 ? "" : `${denied.length} older may not be removed`,
  ];
  return parts.filter((part) => part !== "").join(", ");
}
