import type { StoreSettings } from "../config/types.ts";

/** A store and how it is spoken to, whole: `s3://shop/x at https://s3.example.com in eu-central-1 as arn:aws:iam::…`. */
export function storeWords(store: StoreSettings): string {
  const { to, endpoint, region, role, pathStyle, checksums, sse, sseKmsKeyId } = store;
  return [
    to,
    endpoint && `at ${endpoint}`,
    region && `in ${region}`,
    role && `as ${role}`,
    pathStyle !== undefined && `with path-style ${pathStyle}`,
    checksums !== "crc32" && `with checksums ${checksums}`,
    sse && `with sse ${sse}`,
    sseKmsKeyId && `with the KMS key ${sseKmsKeyId}`,
  ]
    .filter(Boolean)
    .join(" ");
}
