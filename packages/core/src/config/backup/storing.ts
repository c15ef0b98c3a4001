import * as z from "zod";
import { input } from "../section.ts";
import { age } from "../values/duration.ts";
import { choice, list, text, whole } from "../values/leaves.ts";
import { storeAddress, storeInputs, storeKeys } from "../values/store.ts";
import { readRecipient, recipientPhrase } from "./age.ts";
import { publicKeyPhrase, readPublicKey } from "./signing.ts";
import { largestSize, readSize, sizePhrase } from "./size.ts";

const size = () =>
  z.union([
    z.int({ error: sizePhrase }).min(0, { error: sizePhrase }).max(largestSize, { error: sizePhrase }),
    text(sizePhrase, readSize),
  ]);

export const secretName = () =>
  text("the name of a secret or environment variable, such as DATABASE_URL", (value) =>
    /^[A-Z_][A-Z0-9_]{0,99}$/.test(value) ? value : undefined,
  ).meta({ pattern: "^[A-Z_][A-Z0-9_]*$" });

/** A store that must be there. */
export const store = () =>
  storeAddress().describe("Where backups are kept: `s3://bucket/prefix` or a folder.");

/** A store without which the backup stays on the leader. */
export const storeOrDisk = () =>
  storeAddress().optional().describe("Where backups are kept. Without: on the leader's own disk.");

/** Where backups go and how long they stay, whatever they are of. */
export const storing = {
  ...storeKeys,
  "encrypt-to": list(text(recipientPhrase, readRecipient), "age recipients")
    .prefault([])
    .describe("age recipients (`age1…`). Without: the backup is not encrypted."),
  "signed-by": list(text(publicKeyPhrase, readPublicKey), "public keys")
    .refine((given) => given.length > 0, { error: "at least one public key" })
    .optional()
    .describe(
      "Public keys (`MCow…`, what `deploy keygen` prints). Backups are then signed, and no other is brought back unless told.",
    ),
  from: choice(["leader", "runner"])
    .prefault("leader")
    .describe("Where the dump is made: `runner` for a database that the runner reaches."),
  compression: choice(["auto", "zstd", "gzip", "none"])
    .prefault("auto")
    .describe("`auto`: zstd where the host has it, else gzip."),
  level: whole(1, 19).optional().describe("Of the compression. Without: the tool's own."),
  "minimum-size": size().prefault(64).describe("A smaller dump is refused as empty."),
  "keep-for": age().optional().describe("And every backup younger than this."),
  keep: whole(1, 1000).prefault(14).describe("How many backups are kept."),
};

export const proof = {
  verify: choice(["read", "restore"])
    .prefault("read")
    .describe("`read`: read whole and read back from the store; `restore`: into a scratch copy as well."),
};

export const storingInputs = {
  verify: input(
    "text",
    "backup.verify",
    "`read` (read whole by its own tool, and read back from the store) or `restore` (into a scratch database too). For `command`: reads the dump from stdin and exits 0 if it is whole.",
  ),
  store: input(
    "text",
    "backup.store",
    "Where backups lie: `s3://bucket/prefix`, or a folder of this machine.",
    { value: "<address>", description: "where backups lie, instead of the config's `store`" },
  ),
  ...storeInputs("backup"),
  "encrypt-to": input(
    "lines",
    "backup.encrypt-to",
    "age recipients, `age1…`, one per line: who can read the backups. CI needs no key that can.",
  ),
  "signed-by": input(
    "lines",
    "backup.signed-by",
    "Public keys, `MCow…`, one per line: who signs backups. No other is brought back unless `unsigned` says so.",
  ),
  from: input("text", "backup.from", "`leader` (over SSH) or `runner`: who reaches the database."),
  compression: input(
    "text",
    "backup.compression",
    "`auto` (zstd where the host has it), `zstd`, `gzip` or `none`.",
  ),
  level: input("number", "backup.level", "Of the compression, 1 to 19."),
  "minimum-size": input(
    "text",
    "backup.minimum-size",
    "A smaller dump is refused as empty: `64`, `4KB`, `1MB`.",
  ),
  keep: input("number", "backup.keep", "How many proved backups stay; 14 unless told."),
  "keep-for": input("text", "backup.keep-for", "And every one younger than this: `36h`, `30d`."),
};
