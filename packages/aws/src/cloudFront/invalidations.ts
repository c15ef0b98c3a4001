import type { CloudFrontClient } from "@aws-sdk/client-cloudfront";
import type { AwsCredentials } from "@deploy/store";

/** What we need of CloudFront. Both throw what the service says, its code as the error's name. */
export interface Invalidations {
  /** The id. The same reference with the same paths is the same invalidation. */
  create(paths: readonly string[], reference: string, signal?: AbortSignal): Promise<string>;
  isDone(id: string, signal?: AbortSignal): Promise<boolean>;
}

export interface CloudFrontOptions {
  /** Id: `E2QWRUHAPOMQZL`. */
  readonly distribution: string;
  /** us-east-1 unless told: CloudFront is one for all regions of a partition. */
  readonly region?: string;
  readonly endpoint?: string;
  /** Absent: the standard AWS chain. */
  readonly credentials?: AwsCredentials;
}

/** The real ones; the SDK is loaded when they are first asked. */
export function cloudFrontInvalidations(options: CloudFrontOptions): Invalidations {
  const { distribution } = options;
  let opened: Promise<CloudFrontClient> | undefined;
  const client = () => {
    opened ??= open(options);
    return opened;
  };
  return {
    async create(paths, reference, signal) {
      const { CreateInvalidationCommand } = await import("@aws-sdk/client-cloudfront");
      const command = new CreateInvalidationCommand({
        DistributionId: distribution,
        InvalidationBatch: {
          CallerReference: reference,
          Paths: { Quantity: paths.length, Items: [...paths] },
        },
      });
      const { Invalidation } = await (await client()).send(command, abortable(signal));
      if (Invalidation?.Id === undefined) throw new Error("the answer names no invalidation");
      return Invalidation.Id;
    },
    async isDone(id, signal) {
      const { GetInvalidationCommand } = await import("@aws-sdk/client-cloudfront");
      const command = new GetInvalidationCommand({ DistributionId: distribution, Id: id });
      const { Invalidation } = await (await client()).send(command, abortable(signal));
      return Invalidation?.Status?.toLowerCase() === "completed";
    },
  };
}

async function open({
  region = "us-east-1",
  endpoint,
  credentials,
}: CloudFrontOptions): Promise<CloudFrontClient> {
  const { CloudFrontClient } = await import("@aws-sdk/client-cloudfront");
  return new CloudFrontClient({
    region,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(credentials === undefined ? {} : { credentials }),
  });
}

function abortable(signal: AbortSignal | undefined): { abortSignal?: AbortSignal } {
  return signal === undefined ? {} : { abortSignal: signal };
}
