import type { z } from "zod";
import { input } from "../section.ts";
import { choice, flag, line, text, webAddress } from "./leaves.ts";
import { type Flat, type Named, named } from "./mapping.ts";

/** A store's address, as far as it shows on one line; packages/store judges the rest. */
export const storeAddress = () => line("s3://bucket, s3://bucket/prefix, or a folder");

const role = () =>
  text("the ARN of a role, such as arn:aws:iam::123456789012:role/deploy", (value) =>
    /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/.test(value) ? value : undefined,
  );

const kmsKey = () =>
  text("the id, alias or ARN of a KMS key", (value) => (/^[\w:/-]{1,2048}$/.test(value) ? value : undefined));

/** How an S3-compatible store is spoken to; the same keys wherever a store is named. */
export const storeKeys = {
  endpoint: webAddress().optional().describe("The S3-compatible server. Without: AWS."),
  region: text("a region, such as eu-central-1", (value) =>
    /^[a-z0-9-]{1,32}$/.test(value) ? value : undefined,
  )
    .optional()
    .describe("The store's region. Without: as the environment says, else us-east-1."),
  "path-style": flag()
    .optional()
    .describe("Bucket in the path instead of the host name; `true` unless told where `endpoint` is given."),
  checksums: choice(["crc32", "when-required"])
    .prefault("crc32")
    .describe("`when-required` for stores that refuse checksum headers."),
  sse: choice(["AES256", "aws:kms"])
    .optional()
    .describe(
      "How S3 encrypts what is put: `AES256` (SSE-S3) or `aws:kms` (SSE-KMS). Without: as the bucket says.",
    ),
  "sse-kms-key-id": kmsKey()
    .optional()
    .describe("The KMS key: its id, alias or ARN; `sse` is then `aws:kms`. Without: the bucket's."),
  role: role().optional().describe("Role to assume with the workflow's OIDC token (`id-token: write`)."),
};

/** The same as inputs; `section` is where their values go. */
export const storeInputs = (section: string) => ({
  endpoint: input("text", `${section}.endpoint`, "S3-compatible server; AWS unless told."),
  region: input("text", `${section}.region`, "Region of the store."),
  "path-style": input(
    "flag",
    `${section}.path-style`,
    "`true`: bucket in the path, not in the host name. `true` where `endpoint` is given.",
  ),
  checksums: input(
    "text",
    `${section}.checksums`,
    "`when-required` for stores that refuse checksum headers; `crc32` unless told.",
  ),
  sse: input(
    "text",
    `${section}.sse`,
    "How S3 encrypts what is put: `AES256` or `aws:kms`; as the bucket says unless told.",
  ),
  "sse-kms-key-id": input(
    "text",
    `${section}.sse-kms-key-id`,
    "KMS key for `sse: aws:kms`: its id, alias or ARN; the bucket's unless told.",
  ),
  role: input(
    "text",
    `${section}.role`,
    "ARN of the role to assume with the workflow's OIDC token. Needs `id-token: write`.",
  ),
});

type StoreKeys = Named<{ [Key in keyof typeof storeKeys]: z.output<(typeof storeKeys)[Key]> }>;

/** A store and how it is spoken to. */
export type StoreSettings = Flat<{ readonly to: string } & StoreKeys>;

/** The keys of a store as one value beside the others; without an address there is none. */
export function gatherStore<Given extends StoreKeys>(to: string | undefined, given: Given): Gathered<Given> {
  const { endpoint, region, pathStyle, checksums, sse, sseKmsKeyId, role, ...rest } = given;
  const spoken = { endpoint, region, pathStyle, checksums, sse, sseKmsKeyId, role };
  const store = to === undefined ? {} : { store: named({ to, ...spoken }) };
  return { ...rest, ...store } as unknown as Gathered<Given>;
}

type Gathered<Given> = Given extends unknown
  ? Flat<Omit<Given, keyof StoreKeys> & { readonly store?: StoreSettings }>
  : never;
