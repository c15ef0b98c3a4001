import type { Pool, PoolKind, PoolOf, Standing } from "@deploy/core";
import type { Context } from "../context.ts";
import type { Answer } from "../hosts/ask.ts";
import type { Link } from "../hosts/fleet.ts";

/** What one balancer can say. */
export const standings = ["in", "draining", "out", "down"] as const satisfies readonly Standing[];

/** One host before one pool. */
export interface Before<Of extends Pool = Pool> {
  readonly context: Context;
  readonly link: Link;
  readonly pool: Of;
}

export type At<Kind extends PoolKind> = Before<PoolOf<Kind>>;

/** The same before anything runs. */
export interface Looking<Kind extends PoolKind> {
  readonly context: Pick<Context, "fence" | "means">;
  readonly link: Link;
  readonly pool: PoolOf<Kind>;
}

/**
 * How a host leaves a pool and returns. All may be repeated, and what was done is read and never taken from an exit code. Where a
 * balancer cannot be read the answer is `failed` or `unknown`, and nothing is done.
 */
export interface PoolDriver<Kind extends PoolKind> {
  /** Milliseconds between two readings, where every one is a call that is counted. */
  readonly pause?: number;
  /** A host is gone when it is out, not while it drains; that may take so many milliseconds beyond `within`. */
  readonly drains?: (pool: PoolOf<Kind>) => number;
  read(at: At<Kind>): Promise<Answer<Standing>>;
  /** As `read`, for a plan. Absent: it takes a command of the user's, which no plan runs. */
  look?(at: Looking<Kind>): Promise<Answer<Standing>>;
  drain(at: At<Kind>): Promise<Answer<unknown>>;
  return(at: At<Kind>): Promise<Answer<unknown>>;
  /** Requests that are open on the host; undefined: nobody can tell, or none can be once it is seen out. */
  settle(at: At<Kind>): Promise<Answer<number | undefined>>;
  /** What balancers have counted of the host, since they count. Absent: nobody does. */
  tally?(at: At<Kind>): Promise<Answer<Tally>>;
}

export interface Tally {
  readonly requests: number;
  /** Of these: not connected, not answered, or answered with 5xx. */
  readonly errors: number;
}
