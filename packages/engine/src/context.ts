import type { Plan } from "@deploy/core";
import type { Fence } from "@deploy/remote";
import type { Bases } from "./bases.ts";
import type { Fleet } from "./fleet.ts";
import type { Shown } from "./follow.ts";
import type { Ledger } from "./ledger.ts";
import type { Lock } from "./lock.ts";
import type { RunOptions } from "./types.ts";

/** First and last moment at which a host changed what it serves, milliseconds since 1970. */
export interface Window {
  first: number | undefined;
  last: number | undefined;
}

/** What every phase works with. */
export interface Context {
  readonly fleet: Fleet;
  readonly options: RunOptions;
  readonly plan: Plan;
  readonly ledger: Ledger;
  /** Read at each use: a renewed lock may carry another token. */
  fence(): Fence;
  readonly lock: Lock;
  readonly window: Window;
  readonly shown: Shown;
  readonly bases: Bases;
  /** Cancelled, or the lock was lost: start nothing new. */
  stopped(): boolean;
}

export function contextOf(
  fleet: Fleet,
  options: RunOptions,
  ledger: Ledger,
  lock: Lock,
  window: Window,
  shown: Shown,
  bases: Bases,
): Context {
  return {
    fleet,
    options,
    plan: options.plan,
    ledger,
    lock,
    window,
    shown,
    bases,
    fence: () => ({ base: options.plan.deployTo, token: lock.token, owner: options.owner.id }),
    stopped: () => options.signal.aborted || lock.lost(),
  };
}
