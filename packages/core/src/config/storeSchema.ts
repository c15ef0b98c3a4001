import { choice, flag, line, text, webAddress } from "./leaves.ts";
import { says } from "./says.ts";

/** A store's address, as far as it shows on one line; packages/store judges the rest. */
export const storeAddress = () => line("s3://bucket, s3://bucket/prefix, or a folder");

const role = () =>
  text("the ARN of a role, such as arn:aws:iam::123456789012:role/deploy", (value) =>
    /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/.test(value) ? value : undefined,
  );

/** How an S3-compatible store is spoken to; the same keys wherever a store is named. */
export const storeShape = {
  endpoint: webAddress().optional().meta(says("The S3-compatible server. Without: AWS.")),
  region: text("a region, such as eu-central-1", (value) =>
    /^[a-z0-9-]{1,32}$/.test(value) ? value : undefined,
  )
    .optional()
    .meta(says("The store's region. Without: as the environment says, else us-east-1.")),
  "path-style": flag()
    .optional()
    .meta(says("Bucket in the path instead of the host name; `true` unless told where `endpoint` is given.")),
  checksums: choice(["crc32", "when-required"])
    .optional()
    .meta(says("`when-required` for stores that refuse checksum headers.", "crc32")),
  role: role().optional().meta(says("Role to assume with the workflow's OIDC token (`id-token: write`).")),
};
