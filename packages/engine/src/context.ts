import { Semaphore } from "@deploy/core";
import type { Fence } from "@deploy/remote";
import type { Bases } from "./deliver/bases.ts";
import type { Fleet } from "./hosts/fleet.ts";
import type { Shown } from "./jobs/follow.ts";
import type { Ledger } from "./ledger.ts";
import type { Lock } from "./lock/lock.ts";
import type { Means } from "./means.ts";
import type { Control, Work } from "./types.ts";

/** First and last moment at which a host changed what it serves, milliseconds since 1970. */
export interface Window {
  first: number | undefined;
  last: number | undefined;
}

/** The lease of one host that is out, being renewed until `over` is aborted. */
export interface Renewal {
  readonly over: AbortController;
  readonly done: Promise<void>;
}

/** What every step works with. */
export interface Context extends Work {
  readonly fleet: Fleet;
  readonly control: Control;
  readonly means: Means;
  readonly ledger: Ledger;
  readonly lock: Lock;
  readonly window: Window;
  readonly shown: Shown;
  readonly bases: Bases;
  /** Hosts that go back leave their pool one after the other. */
  readonly leaving: Semaphore;
  /** Of hosts that are out, by name. */
  readonly renewals: Map<string, Renewal>;
  /** Read at each use: a renewed lock may carry another token. */
  fence(): Fence;
  /** Cancelled, or the lock was lost: start nothing new. */
  stopped(): boolean;
}

export function contextOf(parts: Omit<Context, "fence" | "stopped" | "leaving" | "renewals">): Context {
  const { plan, lock, control } = parts;
  return {
    ...parts,
    leaving: new Semaphore(1),
    renewals: new Map(),
    fence: () => ({ base: plan.deployTo, token: lock.token, owner: control.owner.id }),
    stopped: () => control.signal.aborted || lock.lost(),
  };
}
