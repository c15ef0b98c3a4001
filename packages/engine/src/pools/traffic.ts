import { makeProblem, type Pool, type Problem } from "@deploy/core";
import type { Context } from "../context.ts";
import { linkOf } from "../hosts/fleet.ts";
import type { Tally } from "./driver.ts";
import { driverOf } from "./drivers.ts";

interface Asked {
  readonly hosts: readonly string[];
  readonly traffic?: {
    readonly pool: Pool;
    readonly members: readonly string[];
    readonly moreErrors: number;
  };
}

/** What balancers counted since the soak began. */
export interface Traffic {
  /** Undefined: nothing speaks against these hosts. */
  judge(last: boolean): Promise<Judged>;
}

export type Judged = { readonly status: "failed" | "unknown"; readonly problem: Problem } | undefined;

/** Undefined: nobody counts. What was served before is not counted. */
export async function openTraffic(context: Context, { hosts, traffic }: Asked): Promise<Traffic | undefined> {
  if (traffic === undefined) return undefined;
  const { pool, members, moreErrors } = traffic;
  const others = members.filter((host) => !hosts.includes(host));
  const first = new Map<string, Tally>();
  const since = async (names: readonly string[]): Promise<Tally> => {
    const all = await Promise.all(
      names.map(async (host) => [host, await tallyOf(context, pool, host)] as const),
    );
    for (const [host, now] of all) if (isNew(first.get(host), now)) first.set(host, now);
    return sum(all.map(([host, now]) => minus(now, first.get(host) ?? now)));
  };
  const read = async () => ({
    here: await since(hosts.filter((host) => members.includes(host))),
    there: await since(others),
  });
  await read().catch(() => undefined);
  return {
    async judge(last) {
      try {
        const { here, there } = await read();
        return judge(here, there, { moreErrors, last });
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        return { status: "unknown", problem: makeProblem("soak-unclear", message) };
      }
    },
  };
}

/** Requests without which a part of them says nothing before the end. */
const enough = 100;

/** A part is compared with what the other hosts lose at the same time: a database that is slow is no fault of the release. */
export function judge(
  here: Tally,
  there: Tally,
  { moreErrors, last }: { readonly moreErrors: number; readonly last: boolean },
): Judged {
  if (here.requests === 0 && last)
    return { status: "unknown", problem: makeProblem("soak-unclear", "the balancers sent no request there") };
  if (here.requests < (last ? 1 : enough)) return undefined;
  if (partOf(here) <= partOf(there) + moreErrors) return undefined;
  const message = `${words(here)} failed there, and ${words(there)} on the others, as the balancers count`;
  return { status: "failed", problem: makeProblem("soak-bad", message) };
}

function words({ requests, errors }: Tally): string {
  return `${errors} of ${requests} requests`;
}

function partOf({ requests, errors }: Tally): number {
  return requests === 0 ? 0 : errors / requests;
}

async function tallyOf(context: Context, pool: Pool, host: string): Promise<Tally> {
  const answer = await driverOf(pool).tally?.({ context, link: linkOf(context.fleet, host), pool });
  if (answer === undefined) return { requests: 0, errors: 0 };
  if (answer.status === "ok") return answer.value;
  throw new Error(answer.problem.message);
}

/** A balancer that was reloaded counts from nothing. */
function isNew(first: Tally | undefined, now: Tally): boolean {
  return first === undefined || now.requests < first.requests || now.errors < first.errors;
}

function minus(one: Tally, other: Tally): Tally {
  return { requests: one.requests - other.requests, errors: one.errors - other.errors };
}

function sum(all: readonly Tally[]): Tally {
  return all.reduce(
    (total, { requests, errors }) => ({
      requests: total.requests + requests,
      errors: total.errors + errors,
    }),
    { requests: 0, errors: 0 },
  );
}
