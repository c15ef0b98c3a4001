import type { StoreSettings } from "../config/types.ts";

/** A store and how it is spoken to, whole: `s3://shop/x at https://s3.example.com in eu-central-1 as arn:aws:iam::…`. */
export function storeWords({ to, endpoint, region, role, pathStyle, checksums }: StoreSettings): string {
  return [
    to,
    endpoint && `at ${endpoint}`,
    region && `in ${region}`,
    role && `as ${role}`,
    pathStyle !== undefined && `with path-style ${pathStyle}`,
    checksums !== "crc32" && `with checksums ${checksums}`,
  ]
    .filter(Boolean)
    .join(" ");
}
