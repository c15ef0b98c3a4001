import { makeProblem, type Problem } from "../errors.ts";
import type { Facts, LockFile, ReachedHost } from "../facts.ts";

/** Each acquisition adds 1: no fleet has so many above its leader, and a liar that says so adds no more than this. */
const ahead = 1_000_000_000;
/** Above it there is no room left to count in: hosts read 15 digits (prelude/answer.sh). */
export const highestGiven = 999_999_999_999_999;

export interface SeenTokens {
  /** That a run can have given out. */
  readonly highest: number;
  /** Hosts whose record of tokens cannot be read, or claims one that no run can have been given. */
  readonly damaged: readonly string[];
  /** Those, and a freeze that cannot be read. */
  readonly problems: readonly Problem[];
}

export function seenTokens(facts: readonly Facts[], leader: string): SeenTokens {
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
  const unread = facts.flatMap((host) => (host.reached ? unreadFiles(host, leader) : []));
  return {
    highest: Math.max(0, ...(believed ?? []).map(({ token }) => token)),
    damaged: [
      ...new Set(
        [...(absurd ?? []), ...unread.filter(({ file }) => file !== "frozen")].map(({ host }) => host),
      ),
    ],
    problems: [
      ...(absurd ?? []).map(({ host, token }) => absurdToken(host, token, known)),
      ...unread.map(unreadable),
    ],
  };
}

/** Of lock and freeze the leader's alone count. */
function unreadFiles({ host, lock }: ReachedHost, leader: string) {
  const files = (lock.damaged ?? []).filter((file) => file === "adopted" || host === leader);
  return files.map((file) => ({ host, file }));
}

function unreadable({ host, file }: { readonly host: string; readonly file: LockFile }): Problem {
  const place = { host };
  const message = `.deploy/lock/${file} below deploy-to cannot be read`;
  if (file !== "frozen")
    return makeProblem("lock-corrupt", `${message}; it is not taken for a free lock`, { place });
  return makeProblem("lock-corrupt", `${message}; it is taken for a freeze`, {
    hint: "Ask whoever froze it, or end the freeze: `deploy unfreeze`.",
    inAction: "Ask whoever froze it, or end the freeze with the action unlock (`unfreeze: true`).",
    place,
  });
}

function claimOf({ host, adopted, lock }: ReachedHost, leader: string): number {
  return host === leader ? Math.max(adopted, lock.token) : adopted;
}

function isGiven(token: number): boolean {
  return Number.isSafeInteger(token) && token >= 0 && token <= highestGiven;
}

function absurdToken(host: string, token: number, known: number): Problem {
  const message = `${host} claims the lock token ${token}, which no run can have been given: the leader's is ${known}`;
  const hint = (unlock: string, without: string) =>
    `Find out who wrote it. If no deploy is running, ${unlock}; until then the host can be left out with ${without}.`;
  return makeProblem("lock-corrupt", message, {
    hint: hint("take the lock: `deploy unlock`", `\`--without ${host}\``),
    inAction: hint("take the lock with the action unlock (`confirm: true`)", `\`without: ${host}\``),
    place: { host },
  });
}
