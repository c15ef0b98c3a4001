import { setTimeout as pause } from "node:timers/promises";
import { DeployError } from "@deploy/core";
import type { S3Tuning } from "./tuning.ts";
import { type Failure, judge, readFailure } from "./verdict.ts";

export interface Attempts {
  readonly tuning: Pick<S3Tuning, "attempts" | "pause">;
  readonly signal?: AbortSignal | undefined;
  /** S3's error codes, or HTTP statuses as text, that are answers here and no failures. */
  readonly accept: readonly string[];
  renew(): Promise<void>;
}

/** An answer of the server's that the caller asked to see. */
export class Refused {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/** What was tried, and how often, when it was given up. */
export class GivenUp extends Error {
  readonly failure: Failure;
  readonly attempts: number;

  constructor(failure: Failure, attempts: number, cause: unknown) {
    super(failure.message, { cause });
    this.failure = failure;
    this.attempts = attempts;
  }
}

/** Runs it until it succeeds, is refused in an accepted way, or no repetition can help. Throws GivenUp, or the signal's reason. */
export async function repeat<T>(how: Attempts, run: () => Promise<T>): Promise<T | Refused> {
  const used = { renew: false, clock: false };
  for (let attempt = 1; ; attempt++) {
    how.signal?.throwIfAborted();
    try {
      return await run();
    } catch (error) {
      how.signal?.throwIfAborted();
      if (error instanceof DeployError) throw error; // from the credentials' source: it has said what to do
      const failure = readFailure(error);
      const accepted = [failure.name, String(failure.status)].find((name) => how.accept.includes(name));
      if (accepted !== undefined) return new Refused(accepted);
      const verdict = judge(failure);
      const once = verdict === "renew" || verdict === "clock";
      if (verdict === "final" || attempt >= how.tuning.attempts || (once && used[verdict])) {
        throw new GivenUp(failure, attempt, error);
      }
      if (once) used[verdict] = true;
      if (verdict === "renew") await renewed(how, attempt);
      if (verdict === "again") await rest(how, attempt);
    }
  }
}

async function renewed(how: Attempts, attempt: number): Promise<void> {
  try {
    await how.renew();
  } catch (error) {
    throw error instanceof DeployError ? error : new GivenUp(readFailure(error), attempt, error);
  }
}

const longestPause = 10_000;

/** Pauses after this many tries; a random part keeps parallel uploads from coming back all at once. */
async function rest({ tuning, signal }: Attempts, tried: number): Promise<void> {
  const full = Math.min(tuning.pause * 3 ** (tried - 1), longestPause);
  await pause(full * (0.5 + Math.random() / 2), undefined, signal === undefined ? {} : { signal }).catch(
    () => {
      // Aborted: the next try tells.
    },
  );
}
