import { createHash, randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { cleanLine, count, DeployError } from "@deploy/core";
import type { Cdn } from "@deploy/store";
import { type CloudFrontOptions, cloudFrontInvalidations, type Invalidations } from "./invalidations.ts";
import { invalidationPaths } from "./paths.ts";

/** How long is waited, in milliseconds; tests bring their own clock. */
export interface Pace {
  /** Between two looks. */
  readonly poll: number;
  /** For an invalidation to begin and to end. */
  readonly giveUp: number;
  readonly now: () => number;
  readonly sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
}

/** AWS says that most end within a minute or two. */
const usual: Pace = {
  poll: 5000,
  giveUp: 15 * 60_000,
  now: Date.now,
  sleep: async (milliseconds, signal) => {
    await sleep(milliseconds, undefined, signal === undefined ? {} : { signal });
  },
};

/** A CloudFront distribution: paths are invalidated, and it is waited until that is done. */
export function cloudFront(options: CloudFrontOptions): Cdn {
  return cdnOf(options.distribution, cloudFrontInvalidations(options), usual);
}

export function cdnOf(distribution: string, invalidations: Invalidations, pace: Pace): Cdn {
  const name = `CloudFront ${distribution}`;
  return {
    name,
    purge: async (paths, signal, id = randomUUID()) => {
      if (paths.length === 0) return;
      const wanted = invalidationPaths(paths);
      try {
        await invalidate(invalidations, wanted, referenceOf(distribution, wanted, id), pace, signal);
      } catch (error) {
        signal?.throwIfAborted();
        throw error instanceof DeployError ? error : failure(distribution, error);
      }
    },
  };
}

/** The same purge tried again is the same invalidation; the next one with the same paths is another. */
function referenceOf(distribution: string, paths: readonly string[], id: string): string {
  const hash = createHash("sha256").update(JSON.stringify([distribution, paths, id]));
  return `deploy-${hash.digest("hex").slice(0, 40)}`;
}

async function invalidate(
  invalidations: Invalidations,
  paths: readonly string[],
  reference: string,
  pace: Pace,
  signal: AbortSignal | undefined,
): Promise<void> {
  const end = pace.now() + pace.giveUp;
  const id = await begin(invalidations, paths, reference, { pace, end, signal });
  while (!(await invalidations.isDone(id, signal))) {
    if (pace.now() >= end)
      throw new DeployError(
        "purge-failed",
        `Invalidation ${cleanLine(id)} is still in progress after ${count(Math.round(pace.giveUp / 60_000), "minute")}`,
        { hint: "It goes on by itself; run this step again to wait for it." },
      );
    await pace.sleep(pace.poll, signal);
  }
}

interface Waiting {
  readonly pace: Pace;
  readonly end: number;
  readonly signal: AbortSignal | undefined;
}

/** Others may have as many in progress as a distribution takes: then we wait for theirs, longer each time. */
async function begin(
  invalidations: Invalidations,
  paths: readonly string[],
  reference: string,
  { pace, end, signal }: Waiting,
): Promise<string> {
  for (let wait = pace.poll; ; wait = Math.min(wait * 2, 60_000)) {
    try {
      return await invalidations.create(paths, reference, signal);
    } catch (error) {
      if (nameOf(error) !== "TooManyInvalidationsInProgress" || pace.now() + wait > end) throw error;
    }
    await pace.sleep(wait, signal);
  }
}

function failure(distribution: string, error: unknown): DeployError {
  const name = nameOf(error);
  const message = (error as { readonly message?: unknown } | null)?.message;
  const said = cleanLine(`${name}: ${typeof message === "string" ? message : String(error)}`).slice(0, 500);
  const hint = hints[name]?.(distribution);
  return new DeployError("purge-failed", `CloudFront ${distribution} was not purged: ${said}`, {
    ...(hint === undefined ? {} : { hint }),
  });
}

const again = "Then run this step again: it repeats only the purge.";
const hints: Readonly<Record<string, (distribution: string) => string>> = {
  AccessDenied: (distribution) =>
    `Grant cloudfront:CreateInvalidation and cloudfront:GetInvalidation on arn:aws:cloudfront::ACCOUNT:distribution/${distribution}. ${again}`,
  NoSuchDistribution: () => `Check the distribution's id and the account of the credentials. ${again}`,
};

function nameOf(error: unknown): string {
  const { name } = (typeof error === "object" && error !== null ? error : {}) as { readonly name?: unknown };
  return typeof name === "string" ? name : "Error";
}
