import { cleanLine, DeployError, type ErrorCode } from "@deploy/core";
import type { S3Options } from "../types.ts";
import type { GivenUp } from "./attempts.ts";
import { type Failure, isBare, judge } from "./verdict.ts";

/** What was asked of S3, for the words of an error. */
export interface Asked {
  /** The permission it needs: `s3:PutObject`. */
  readonly action: string;
  /** The key in the bucket; absent where the whole bucket is asked. */
  readonly key?: string | undefined;
}

interface Told {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string;
}

/** The last one is of the Versity gateway, which answers it with 404. */
const unknownKeys =
  /^(CredentialsProviderError|InvalidAccessKeyId|SignatureDoesNotMatch|InvalidToken|XAdminUserNotFound)$/;

/** The error that a person reads. */
export function failureOf(given: GivenUp, asked: Asked, options: S3Options): DeployError {
  const place = `s3://${options.bucket}${asked.key === undefined ? "" : `/${asked.key}`}`;
  const { code, message, hint } = tell(given, asked, options, place);
  return new DeployError(code, message, {
    place: { path: place },
    cause: given.cause,
    ...(hint === undefined ? {} : { hint }),
  });
}

function tell(given: GivenUp, asked: Asked, options: S3Options, place: string): Told {
  const { failure, attempts } = given;
  const said = sayOf(failure);
  const { bucket, endpoint = "AWS" } = options;
  if (failure.name === "NoSuchBucket") {
    return { code: "bucket-missing", message: `${endpoint} has no bucket ${bucket}` };
  }
  if (unknownKeys.test(failure.name) && judge(failure) === "final") {
    return { code: "store-credentials", message: `The credentials for ${bucket} do not work: ${said}` };
  }
  if (failure.name === "NoSuchKey" || (failure.status === 404 && asked.key !== undefined)) {
    return { code: "object-missing", message: `There is no object ${place}` };
  }
  const region = regionOf(failure);
  if (region !== undefined) return wrongRegion(region, options);
  return refusalOf(failure, asked, options, said) ?? lastly(failure, asked, attempts, said, endpoint);
}

function refusalOf(failure: Failure, asked: Asked, options: S3Options, said: string): Told | undefined {
  const verdict = judge(failure);
  if (verdict === "renew" && !isBare(failure.name)) {
    return {
      code: "store-expired",
      message: `The credentials expired, and asking again gave no others: ${said}`,
    };
  }
  if (verdict === "clock") {
    const theirs = failure.headers.date ?? "another time";
    return {
      code: "store-clock",
      message: `The server's clock says ${theirs}, this machine's ${new Date().toUTCString()}`,
    };
  }
  if (failure.status !== 401 && failure.status !== 403) return undefined;
  const arn = `arn:aws:s3:::${options.bucket}${asked.key === undefined ? "" : `/${asked.key}`}`;
  const list = /^s3:GetObject$/.test(asked.action)
    ? " (without s3:ListBucket on the bucket a missing object looks the same)"
    : "";
  return {
    code: "store-denied",
    message: `The credentials may not ${asked.action} on ${arn}: ${said}`,
    hint: `Grant ${asked.action} on ${arn}${list}.`,
  };
}

function lastly(failure: Failure, asked: Asked, attempts: number, said: string, endpoint: string): Told {
  const tried = attempts === 1 ? "" : ` after ${attempts} tries`;
  if (
    failure.status === undefined &&
    /^(ENOTFOUND|ERR_TLS|CERT_|UNABLE_TO|DEPTH_ZERO|SELF_SIGNED)/.test(failure.name)
  ) {
    return {
      code: "store-failed",
      message: `${endpoint} cannot be reached: ${said}`,
      hint: "Check the endpoint's name and certificate.",
    };
  }
  return { code: "store-failed", message: `${asked.action} failed${tried}: ${said}` };
}

function regionOf(failure: Failure): string | undefined {
  const { name, status } = failure;
  if (name === "Error" && /region is missing/i.test(failure.message)) return "";
  const redirected = [
    "PermanentRedirect",
    "AuthorizationHeaderMalformed",
    "IllegalLocationConstraintException",
  ].includes(name);
  if (!redirected && status !== 301 && status !== 307) return undefined;
  return name === "AuthorizationHeaderMalformed" ? failure.region : (failure.region ?? "");
}

function wrongRegion(region: string, options: S3Options): Told {
  const asked = options.region === undefined ? "none was given" : `asked was ${options.region}`;
  if (region === "")
    return {
      code: "store-region",
      message: `The region of the bucket ${options.bucket} is not known, ${asked}`,
    };
  const hint = `Set \`region: ${cleanLine(region)}\`.`;
  return {
    code: "store-region",
    message: `The bucket ${options.bucket} is in ${cleanLine(region)}, ${asked}`,
    hint,
  };
}

/** The server's words, as one clean line. */
function sayOf({ name, status, message }: Failure): string {
  const code = isBare(name) && status !== undefined ? `HTTP ${status}` : cleanLine(name);
  const words = cleanLine(message).slice(0, 300);
  return words === "" || words === name || isBare(words) ? code : `${code} (${words})`;
}
