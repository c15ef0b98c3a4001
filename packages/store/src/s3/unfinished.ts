import type { ListMultipartUploadsCommandOutput } from "@aws-sdk/client-s3";
import { DeployError } from "@deploy/core";
import type { UnfinishedUpload } from "../types.ts";
import { decodeKey } from "./list.ts";
import type { S3Session } from "./session.ts";

interface Marker {
  readonly KeyMarker?: string;
  readonly UploadIdMarker?: string;
}

/** Multipart uploads that were neither completed nor aborted. */
export async function listUnfinished(session: S3Session, prefix: string): Promise<UnfinishedUpload[]> {
  const { prefix: own } = session.options;
  const root = own === "" ? "" : `${own}/`;
  const found: UnfinishedUpload[] = [];
  for (let marker: Marker | undefined = {}; marker !== undefined; ) {
    const page = await askPage(session, root + prefix, marker);
    for (const { Key = "", UploadId: id = "", Initiated } of page.Uploads ?? []) {
      const key = decodeKey(Key, page.EncodingType);
      if (key.startsWith(root))
        found.push({ key: key.slice(root.length), since: Initiated?.getTime() ?? 0, id });
    }
    marker = nextMarker(page, session.options.bucket);
  }
  return found;
}

function askPage(
  session: S3Session,
  prefix: string,
  marker: Marker,
): Promise<ListMultipartUploadsCommandOutput> {
  const input = { Bucket: session.options.bucket, Prefix: prefix, EncodingType: "url" as const, ...marker };
  return session.send({ action: "s3:ListBucketMultipartUploads" }, ({ s3, sdk }, how) =>
    s3.send(new sdk.ListMultipartUploadsCommand(input), how),
  );
}

function nextMarker(page: ListMultipartUploadsCommandOutput, bucket: string): Marker | undefined {
  if (page.IsTruncated !== true) return undefined;
  const KeyMarker = decodeKey(page.NextKeyMarker ?? "", page.EncodingType);
  if (KeyMarker === "") throw brokenOff(bucket);
  const { NextUploadIdMarker: UploadIdMarker = "" } = page;
  return UploadIdMarker === "" ? { KeyMarker } : { KeyMarker, UploadIdMarker };
}

function brokenOff(bucket: string): DeployError {
  return new DeployError(
    "store-failed",
    `The listing of uploads in s3://${bucket} breaks off: it names no next page`,
  );
}
