import type { Readable } from "node:stream";
import type { HeadObjectCommandOutput } from "@aws-sdk/client-s3";
import type { ObjectDetails } from "../types.ts";
import { decodeMetadata, putName, sha256Name } from "./metadata.ts";
import { Refused, type S3Session } from "./session.ts";
import { isBare, readFailure } from "./verdict.ts";

export interface Found {
  readonly details: ObjectDetails;
  /** Which put wrote it, where it was one of ours. */
  readonly put: string | undefined;
}

/** Asks for one object by its key in the bucket; `name` is its key in the store. */
export async function findObject(session: S3Session, key: string, name: string): Promise<Found | undefined> {
  const asked = { action: "s3:GetObject", key, accept: ["404"] } as const;
  const Bucket = session.options.bucket;
  const answer = await session
    .send(asked, ({ s3, sdk }, how) => s3.send(new sdk.HeadObjectCommand({ Bucket, Key: key }), how))
    .catch((error: unknown) => explain(session, key, error));
  if (answer instanceof Refused) return undefined;
  const { [sha256Name]: sha256, [putName]: put, ...metadata } = decodeMetadata(answer.Metadata ?? {});
  return {
    details: { ...detailsOf(answer, name), ...(sha256 === undefined ? {} : { sha256 }), metadata },
    put,
  };
}

/** An answer to HEAD has no body: what a refusal is for (keys, region, permission), GET is told. */
async function explain(session: S3Session, key: string, error: unknown): Promise<never> {
  const { name, status } = readFailure((error as Error).cause);
  if ((status === 400 || status === 403) && isBare(name)) {
    const asked = { action: "s3:GetObject", key, attempts: 1 } as const;
    const Bucket = session.options.bucket;
    const { Body } = await session.send(asked, ({ s3, sdk }, how) =>
      s3.send(new sdk.GetObjectCommand({ Bucket, Key: key, Range: "bytes=0-0" }), how),
    );
    (Body as Readable | undefined)?.destroy();
  }
  throw error;
}

function detailsOf(answer: HeadObjectCommandOutput, key: string): ObjectDetails {
  const { ETag, ContentType, CacheControl, ContentEncoding } = answer;
  return {
    key,
    size: answer.ContentLength ?? 0,
    modified: answer.LastModified?.getTime() ?? 0,
    metadata: {},
    ...(ETag === undefined ? {} : { etag: unquoted(ETag) }),
    ...(ContentType === undefined ? {} : { contentType: ContentType }),
    ...(CacheControl === undefined ? {} : { cacheControl: CacheControl }),
    ...(ContentEncoding === undefined ? {} : { contentEncoding: ContentEncoding }),
  };
}

export function unquoted(etag: string): string {
  return etag.replace(/^"|"$/g, "");
}
