import type { _Object, ListObjectsV2CommandOutput } from "@aws-sdk/client-s3";
import { DeployError } from "@deploy/core";
import { compareKeys } from "../key.ts";
import type { StoredObject } from "../types.ts";
import { unquoted } from "./details.ts";
import type { S3Session } from "./session.ts";

/** Objects below the store's own prefix whose rest of the key begins with `prefix`. */
export async function* listObjects(session: S3Session, prefix: string): AsyncGenerator<StoredObject> {
  const { bucket, prefix: own } = session.options;
  const root = own === "" ? "" : `${own}/`;
  let [token, last]: [string | undefined, string | undefined] = [undefined, undefined];
  do {
    const page = await askPage(session, root + prefix, token);
    for (const object of objectsOf(page, root)) {
      if (last !== undefined && compareKeys(last, object.key) >= 0) throw unordered(bucket, last, object.key);
      last = object.key;
      yield object;
    }
    token = nextToken(page, token, bucket);
  } while (token !== undefined);
}

function askPage(
  session: S3Session,
  prefix: string,
  token: string | undefined,
): Promise<ListObjectsV2CommandOutput> {
  const next = token === undefined ? {} : { ContinuationToken: token };
  // As URLs, since XML cannot carry every character that a key can.
  const input = { Bucket: session.options.bucket, Prefix: prefix, EncodingType: "url" as const, ...next };
  return session.send({ action: "s3:ListBucket" }, ({ s3, sdk }, how) =>
    s3.send(new sdk.ListObjectsV2Command(input), how),
  );
}

function objectsOf(
  { Contents = [], EncodingType }: ListObjectsV2CommandOutput,
  root: string,
): StoredObject[] {
  return Contents.flatMap((object) => {
    const key = decodeKey(object.Key ?? "", EncodingType);
    // Not below our prefix, or the prefix itself, which some tools store as an empty "folder".
    return key.startsWith(root) && key.length > root.length
      ? [storedObject(object, key.slice(root.length))]
      : [];
  });
}

function storedObject({ Size = 0, LastModified, ETag }: _Object, key: string): StoredObject {
  const etag = ETag === undefined ? {} : { etag: unquoted(ETag) };
  return { key, size: Size, modified: LastModified?.getTime() ?? 0, ...etag };
}

/** Servers that ignore the wish for URLs do not repeat it in their answer. */
export function decodeKey(key: string, encoding: string | undefined): string {
  return encoding === "url" ? decodeURIComponent(key.replaceAll("+", " ")) : key;
}

/** Undefined at the end. A listing that says it goes on and does not is an error: what is missing would be taken for absent. */
function nextToken(
  page: ListObjectsV2CommandOutput,
  before: string | undefined,
  bucket: string,
): string | undefined {
  if (page.IsTruncated !== true) return undefined;
  const { NextContinuationToken: token } = page;
  if (token !== undefined && token !== "" && token !== before) return token;
  throw new DeployError("store-failed", `The listing of s3://${bucket} breaks off: it names no next page`);
}

function unordered(bucket: string, one: string, other: string): DeployError {
  const keys = `${JSON.stringify(one)} before ${JSON.stringify(other)}`;
  return new DeployError("store-failed", `The listing of s3://${bucket} is out of order: ${keys}`, {
    hint: "Directory buckets list in no order; use a general purpose bucket.",
  });
}
