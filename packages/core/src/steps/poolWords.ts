import { duration } from "../amounts.ts";
import type { Milliseconds, Pool, PoolKind, PoolOf } from "../config/types.ts";
import { list } from "../plan/words.ts";
import { type Credential, roleCredential } from "./credentials.ts";
import type { MeansName } from "./means.ts";

type Way = "drain" | "return";

/** What a plan says of one kind of pool. */
interface Words<Of extends Pool> {
  /** By what a host leaves or returns. */
  by(pool: Of, way: Way): string;
  /** What is run on the host, exactly as it will be. */
  commands?(pool: Of, way: Way): readonly string[];
  readonly needs?: readonly MeansName[];
  credentials?(pool: Of): readonly Credential[];
  /** How long a host that leaves goes on being asked what it was asked before, always to its end. */
  delay?(pool: Of): Milliseconds;
}

const kinds: { readonly [Kind in PoolKind]: Words<PoolOf<Kind>> } = {
  file: {
    by: ({ path, outWhile }, way) =>
      `shared/${path} is ${(outWhile === "present") === (way === "drain") ? "made" : "removed"}`,
    commands: awaited,
  },
  haproxy: {
    by: ({ balancers, backend, socket }) =>
      `${list(balancers.map(({ name }) => name))} ${balancers.length === 1 ? "is" : "are"} told, backend ${backend} at ${socket}`,
    needs: ["balancers"],
  },
  "target-group": {
    by: ({ groups }, way) =>
      way === "drain" ? `AWS is told, and drains ${list(groups)}` : `AWS is told, and proves ${list(groups)}`,
    needs: ["targetGroups"],
    credentials: ({ role }) => [roleCredential("the pool's target groups", role)],
    delay: ({ deregistrationDelay }) => deregistrationDelay,
  },
  command: {
    by: () => "the balancer is told",
    commands: (pool, way) => [`${pool.read} # before and after`, pool[way], ...awaited(pool, way)],
  },
};

function wordsOf<Of extends Pool>({ kind }: Of): Words<Of> {
  return kinds[kind] as unknown as Words<Of>;
}

function awaited({ inFlight }: { readonly inFlight?: string }, way: Way): readonly string[] {
  return inFlight === undefined || way === "return" ? [] : [`${inFlight} # until it prints 0`];
}

export function poolWords(pool: Pool, way: Way): string {
  const delay = poolDelay(pool);
  return [
    wordsOf(pool).by(pool, way),
    ...(way === "return" || delay === 0 ? [] : [`for ${duration(delay)}`]),
    ...(pool.settle === undefined ? [] : [`then ${duration(pool.settle)} for the balancers to notice`]),
  ].join(", ");
}

export const poolCommands = (pool: Pool, way: Way): readonly string[] =>
  wordsOf(pool).commands?.(pool, way) ?? [];
export const poolNeeds = (pool: Pool): readonly MeansName[] => wordsOf(pool).needs ?? [];
export const poolCredentials = (pool: Pool): readonly Credential[] => wordsOf(pool).credentials?.(pool) ?? [];
/** Whether somebody tells how many requests are open. */
export const poolCounts = (pool: Pool): boolean =>
  pool.kind === "haproxy" || ("inFlight" in pool && pool.inFlight !== undefined);
/** Milliseconds that each wave waits, whatever is open. */
export const poolDelay = (pool: Pool): Milliseconds => wordsOf(pool).delay?.(pool) ?? 0;
