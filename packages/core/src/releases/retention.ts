import type { ReachedHost } from "../facts.ts";
import { liveRelease, releaseOn } from "./live.ts";
import { compareReleases, newestRelease } from "./order.ts";

/** What becomes of one release folder on one host after success, with every reason. */
export interface Verdict {
  readonly release: string;
  readonly keep: boolean;
  readonly because: readonly string[];
}

export interface HostVerdicts {
  readonly host: string;
  /** Oldest first. */
  readonly verdicts: readonly Verdict[];
}

export interface RetentionOptions {
  readonly facts: readonly ReachedHost[];
  /** How many good releases each host keeps, the new one among them. */
  readonly keep: number;
  /** What will be live. */
  readonly release: string;
}

/**
 * Which releases each host keeps once `release` is live everywhere. Names that are no releases are not judged
 * (facts list them as strangers), so nothing can remove them.
 */
export function planRetention({ facts, keep, release }: RetentionOptions): readonly HostVerdicts[] {
  const good = facts.flatMap(({ releases }) => releases.filter(({ state }) => state === "good"));
  const judged = { release, proved: new Set(good.map(({ id }) => id)) };
  const rules = { ...judged, keep, common: commonGood(facts, judged) };
  return facts.map((host) => ({ host: host.host, verdicts: judgeHost(host, rules) }));
}

interface Judged {
  readonly release: string;
  /** Good on some host. */
  readonly proved: ReadonlySet<string>;
}

interface Rules extends Judged {
  readonly keep: number;
  readonly common: string | undefined;
}

function judgeHost(host: ReachedHost, rules: Rules): readonly Verdict[] {
  const ids = host.releases.map(({ id }) => id).sort(compareReleases);
  const good = ids.filter((id) => willBeGood(host, id, rules));
  // The new release takes one of the places, whether it lies on the host already or not.
  const older = good.filter((id) => id !== rules.release);
  const newestGood = new Set(older.slice(Math.max(0, older.length - rules.keep + 1)));
  const failed = newestRelease(ids.filter((id) => !good.includes(id)));
  return ids.map((id) => {
    const because = [
      id === rules.release ? "the new release" : "",
      id === liveRelease(host) ? "live until now" : "",
      id === rules.common ? "the rollback target: good on every host" : "",
      newestGood.has(id) ? `one of the newest ${rules.keep} good releases` : "",
      id === failed ? "the newest that failed or was not finished" : "",
    ].filter((reason) => reason !== "");
    return because.length > 0
      ? { release: id, keep: true, because }
      : { release: id, keep: false, because: [whyRemoved(good.includes(id), rules.keep)] };
  });
}

function whyRemoved(good: boolean, keep: number): string {
  return good
    ? `older than the newest ${keep} good releases`
    : "failed or not finished, and not the newest such";
}

/** Good once `release` is: of what is live and not marked, only what another host has as good is marked by then. */
function willBeGood(host: ReachedHost, id: string, { release, proved }: Judged): boolean {
  const state = releaseOn(host, id)?.state;
  if (id === release) return true;
  return state === "good" || (id === liveRelease(host) && state === "active" && proved.has(id));
}

function commonGood(facts: readonly ReachedHost[], judged: Judged): string | undefined {
  const [first, ...others] = facts;
  const ids = (first?.releases ?? []).map(({ id }) => id).filter((id) => id !== judged.release);
  return newestRelease(
    ids.filter((id) =>
      [first, ...others].every((host) => host !== undefined && willBeGood(host, id, judged)),
    ),
  );
}
