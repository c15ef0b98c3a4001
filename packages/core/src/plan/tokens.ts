import { makeProblem, type Problem } from "../errors.ts";
import type { Facts, ReachedHost } from "../facts.ts";

/** Each acquisition adds 1: no fleet has so many above its leader, and a liar that says so adds no more than this. */
const ahead = 1_000_000_000;
/** Above it there is no room left to count in: hosts read 15 digits (prelude/answer.sh). */
export const highestGiven = 999_999_999_999_999;

/** The highest lock token that a run can have given out, and the hosts that claim one which none can have. */
export function seenTokens(
  facts: readonly Facts[],
  leader: string,
): { readonly highest: number; readonly problems: readonly Problem[] } {
  const claims = facts.flatMap((host) =>
    host.reached ? [{ host: host.host, token: claimOf(host, leader) }] : [],
  );
  const own = claims.find(({ host }) => host === leader)?.token ?? 0;
  const known = isGiven(own) ? own : 0;
  const most = Math.min(known + ahead, highestGiven);
  const [believed, absurd] = [true, false].map((wanted) =>
    claims.filter(
      ({ host, token }) => (host === leader ? isGiven(token) : isGiven(token) && token <= most) === wanted,
    ),
  );
  return {
    highest: Math.max(0, ...(believed ?? []).map(({ token }) => token)),
    problems: (absurd ?? []).map(({ host, token }) => absurdToken(host, token, known)),
  };
}

function claimOf({ host, adopted, lock }: ReachedHost, leader: string): number {
  // A lock's record that cannot be read is named, with its file, by the leader when it is asked for the lock.
  return host === leader && !Number.isNaN(lock.token) ? Math.max(adopted, lock.token) : adopted;
}

function isGiven(token: number): boolean {
  return Number.isSafeInteger(token) && token >= 0 && token <= highestGiven;
}

function absurdToken(host: string, token: number, known: number): Problem {
  const message = `${host} claims the lock token ${token}, which no run can have been given: the leader's is ${known}`;
  const hint =
    `Find out who wrote it. If no deploy is running, delete adopted and state in .deploy/lock below deploy-to on ${host}; ` +
    "until then the host can be left out (without).";
  return makeProblem("lock-corrupt", message, { hint, place: { host } });
}
