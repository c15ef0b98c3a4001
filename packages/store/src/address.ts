import { fileURLToPath } from "node:url";
import { DeployError } from "@deploy/core";

export type StoreAddress =
  | { readonly kind: "s3"; readonly bucket: string; readonly prefix: string }
  | { readonly kind: "folder"; readonly path: string };

const examples = "Write s3://bucket/prefix, file:///absolute/folder or a folder's path";

/** `s3://bucket/prefix`, `file:///folder` or a plain path. Throws `store-address`. */
export function parseStoreAddress(text: string): StoreAddress {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(text)?.[1]?.toLowerCase();
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\0-\x1f\x7f]/.test(text)) throw refused(text, "has a control character");
  if (text.trim() !== text || text === "")
    throw refused(text, text === "" ? "is empty" : "has spaces around it");
  if (scheme === "s3") return s3Address(text);
  if (scheme === "file") return { kind: "folder", path: filePath(text) };
  if (scheme !== undefined && /^[^/]*:\/\//.test(text))
    throw refused(text, `has the unknown scheme ${scheme}`);
  return { kind: "folder", path: text };
}

function s3Address(text: string): StoreAddress {
  const [, bucket = "", rest = ""] = /^s3:\/\/([^/]*)(.*)$/i.exec(text) ?? [];
  const why = bucketRefusal(bucket);
  if (why !== undefined) throw refused(text, why);
  const prefix = rest.replace(/^\//, "").replace(/\/$/, "");
  const segments = prefix.split("/");
  if (prefix !== "" && segments.some((segment) => ["", ".", ".."].includes(segment))) {
    throw refused(text, "has an empty, `.` or `..` part in its prefix");
  }
  return { kind: "s3", bucket, prefix };
}

/** The rules for general purpose buckets: docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html. */
function bucketRefusal(bucket: string): string | undefined {
  if (bucket === "") return "names no bucket";
  if (bucket.length < 3 || bucket.length > 63)
    return `names the bucket ${bucket}, which has not 3 to 63 characters`;
  if (!/^[a-z0-9][a-z0-9.-]*[a-z0-9]$/.test(bucket)) {
    return `names the bucket ${bucket}; only a-z, 0-9, dots and hyphens are allowed, and a letter or digit at both ends`;
  }
  if (bucket.includes("..")) return `names the bucket ${bucket}, which has two dots side by side`;
  return /^\d+\.\d+\.\d+\.\d+$/.test(bucket)
    ? `names the bucket ${bucket}, which looks like an IP address`
    : undefined;
}

function filePath(text: string): string {
  try {
    return fileURLToPath(text);
  } catch (cause) {
    throw refused(text, "is no URL of an absolute path on this machine", cause);
  }
}

function refused(text: string, why: string, cause?: unknown): DeployError {
  const message = `The store address ${JSON.stringify(text)} ${why}`;
  return new DeployError("store-address", message, { hint: `${examples}.`, cause });
}
