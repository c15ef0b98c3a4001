import { Agent } from "node:http";
import { Agent as TlsAgent } from "node:https";
import type { S3Client, S3ClientConfig } from "@aws-sdk/client-s3";
import { DeployError } from "@deploy/core";
import type { AwsKeys, S3Options } from "../types.ts";
import { QuickPuts } from "./quick.ts";
import { awsSigner, type Signable } from "./signer.ts";
import type { S3Tuning } from "./tuning.ts";

/** The SDK, loaded, and a client of it. */
export interface Client {
  readonly sdk: typeof import("@aws-sdk/client-s3");
  readonly s3: S3Client;
  readonly quick: QuickPuts;
  /** An address for this request that lives so many seconds, or as long as the credentials do. */
  presign(request: Signable, seconds: number): Promise<string>;
  /** Asks the credentials' source again, whatever it said before. */
  renew(): Promise<void>;
  close(): void;
}

/** SHA-256 that is known already, so that signing need not hash the body again. */
export type KnownHashes = WeakMap<object, string>;

// They tell, redirect or ask before sending; we retry, name the region and judge answers ourselves, and each costs time for every object.
const unused = [
  "loggerMiddleware",
  "recursionDetectionMiddleware",
  "getUserAgentMiddleware",
  "regionRedirectMiddleware",
  "addExpectContinueMiddleware",
];

/** Loads the SDK; nothing is connected to before the first request. */
export async function openClient(options: S3Options, tuning: S3Tuning, hashes: KnownHashes): Promise<Client> {
  const sdk = await import("@aws-sdk/client-s3");
  const agents = openAgents();
  // Directory buckets (S3 Express) sign with a session of their own, which the SDK's signer knows.
  const ownSigner = !options.bucket.endsWith("--x-s3");
  const keys = (): Promise<AwsKeys> => s3.config.credentials();
  const { sign, presign } = awsSigner(keys, (body) => hashes.get(body));
  const now = () => new Date(Date.now() + s3.config.systemClockOffset);
  const quick = new QuickPuts({ bucket: options.bucket, sign, now, agents, silence: tuning.silence });
  const signer: typeof sign = (request, signing) => {
    quick.learn({ ...request, protocol: request.protocol ?? "https:" }, signing.signingRegion);
    return sign(request, signing);
  };
  const s3: S3Client = new sdk.S3Client({
    ...place(options),
    ...(ownSigner ? { signer: { sign: signer } as NonNullable<S3ClientConfig["signer"]> } : {}),
    maxAttempts: 1, // attempts.ts repeats: the body is sent anew, credentials are renewed, and the pauses are ours
    // We give every body's checksum ourselves (or none), and compare what is read with the SHA-256 in the metadata.
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    requestHandler: {
      ...agents,
      connectionTimeout: tuning.silence,
      socketTimeout: tuning.silence,
      throwOnRequestTimeout: true,
    },
  });
  for (const name of unused) s3.middlewareStack.remove(name);
  return {
    sdk,
    s3,
    quick,
    presign: async (request, seconds) => {
      const { expiration } = await keys();
      const signing = { signingDate: now(), signingRegion: await s3.config.region() };
      return presign(request, signing, lifeOf(seconds, expiration));
    },
    renew: async () => void (await s3.config.credentials({ forceRefresh: true })),
    close: () => {
      s3.destroy();
      agents.httpAgent.destroy();
      agents.httpsAgent.destroy();
    },
  };
}

/** Whole seconds, at most what the protocol knows. The credentials' own end goes by this machine's clock. */
function lifeOf(seconds: number, expiration: Date | undefined): number {
  const left = expiration === undefined ? longestLife : (expiration.getTime() - Date.now()) / 1000;
  if (left >= 1) return Math.floor(Math.min(seconds, left, longestLife));
  throw new DeployError("store-expired", `The credentials expired at ${expiration?.toISOString()}`);
}

const longestLife = 7 * 24 * 3600;

/** Where the bucket is, in the SDK's words; what is absent here comes from the standard AWS chain. */
function place(options: S3Options): S3ClientConfig {
  const { endpoint, credentials, pathStyle = endpoint !== undefined } = options;
  const { AWS_REGION, AWS_DEFAULT_REGION } = process.env;
  // Other servers take any region, but the SDK wants one.
  const elsewhere = endpoint === undefined ? undefined : AWS_REGION || AWS_DEFAULT_REGION || "us-east-1";
  const region = options.region ?? elsewhere;
  return {
    forcePathStyle: pathStyle,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(region === undefined ? {} : { region }),
    ...(credentials === undefined ? {} : { credentials }),
  };
}

function openAgents(): { readonly httpAgent: Agent; readonly httpsAgent: TlsAgent } {
  const how = { keepAlive: true, maxSockets: 256, proxyEnv: process.env };
  return { httpAgent: new Agent(how), httpsAgent: new TlsAgent(how) };
}
