import { DeployError } from "@deploy/core";
import { databaseKinds } from "@deploy/remote";
import { dataKey, globalsKey, isBackupId } from "../id.ts";
import type { BackupManifest, Proof } from "../types.ts";
import { Fields, Malformed } from "./fields.ts";

/** Bytes: a larger object is no manifest of ours and is not even read. */
export const largestManifest = 65_536;

const compressions = ["zstd", "gzip", "none"] as const;
const proofs: readonly Proof[] = ["parsed", "read-back", "decrypted", "restored"];
const hash = /^[0-9a-f]{64}$/;
const base64 = /^[A-Za-z0-9+/]+={0,2}$/;
const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,3})?Z$/;
const name = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/**
 * The manifest in the object `<id>.json`. Anybody who may write to the store may have written it, so it names no object but its own, and
 * fields that we do not know are left out. Throws `backup-manifest`.
 */
export function parseBackupManifest(text: string, id: string): BackupManifest {
  try {
    return readManifest(new Fields(JSON.parse(text)), id);
  } catch (cause) {
    const why = cause instanceof Malformed ? cause.message : "it is no JSON";
    throw new DeployError("backup-manifest", `The manifest ${id}.json cannot be used: ${why}`, { cause });
  }
}

function readManifest(fields: Fields, id: string): BackupManifest {
  const schema = fields.count("schema");
  if (schema !== 1) throw new Malformed(`it has the format ${schema}, this version reads 1`);
  if (!isBackupId(id) || fields.text("id") !== id) throw new Malformed("it is another backup's");
  const release = fields.optionalText("release");
  const live = fields.optionalText("live");
  const recipients = fields.texts("recipients", /^age1[a-z0-9]+$/);
  const by = fields.optionalText("by");
  const host = fields.optionalText("host");
  const signature = readSignature(fields.optionalObject("signature"));
  const globals = readGlobals(fields.optionalObject("globals"));
  const manifest: BackupManifest = {
    schema: 1,
    id,
    app: fields.text("app", name),
    environment: fields.text("environment", name),
    created: readTime(fields),
    ...(release === undefined ? {} : { release }),
    ...(live === undefined ? {} : { live }),
    run: fields.text("run"),
    ...(by === undefined ? {} : { by }),
    ...(host === undefined ? {} : { host }),
    database: readDatabase(fields.object("database")),
    compression: fields.oneOf("compression", compressions),
    recipients,
    plain: readMeasured(fields.object("plain")),
    stored: readStored(fields.object("stored")),
    ...(globals === undefined ? {} : { globals }),
    proofs: readProofs(fields),
    ...(fields.optionalFlag("plainOwners") ? { plainOwners: true } : {}),
    took: { dump: fields.object("took").count("dump"), verify: fields.object("took").count("verify") },
    ...(signature === undefined ? {} : { signature }),
  };
  const { compression, database, stored } = manifest;
  const packing = { compression, encrypted: recipients.length > 0 };
  const key = dataKey(id, { kind: database.kind, ...packing });
  if (stored.key !== key) throw new Malformed("stored/key is not the object of this backup");
  if (globals !== undefined && globals.stored.key !== globalsKey(id, packing)) {
    throw new Malformed("globals/stored/key is not the object of this backup");
  }
  return manifest;
}

function readTime(fields: Fields): string {
  const text = fields.text("created", time);
  if (Number.isNaN(Date.parse(text))) throw new Malformed("created is no time");
  return text;
}

function readDatabase(fields: Fields): BackupManifest["database"] {
  return {
    kind: fields.oneOf("kind", databaseKinds),
    name: fields.text("name"),
    server: fields.text("server"),
    tool: fields.text("tool"),
    identity: fields.text("identity"),
    tables: fields.count("tables"),
  };
}

function readMeasured(fields: Fields): BackupManifest["plain"] {
  return { size: fields.count("size"), sha256: fields.text("sha256", hash) };
}

function readStored(fields: Fields): BackupManifest["stored"] {
  return { key: fields.text("key"), ...readMeasured(fields) };
}

function readGlobals(fields: Fields | undefined): BackupManifest["globals"] {
  if (fields === undefined) return undefined;
  return { plain: readMeasured(fields.object("plain")), stored: readStored(fields.object("stored")) };
}

function readSignature(fields: Fields | undefined): BackupManifest["signature"] {
  if (fields === undefined) return undefined;
  return { key: fields.text("key", base64), value: fields.text("value", base64) };
}

function readProofs(fields: Fields): readonly Proof[] {
  const told = fields.texts("proofs");
  // A proof that a later version knows is none that we can count on.
  return proofs.filter((proof) => told.includes(proof));
}
