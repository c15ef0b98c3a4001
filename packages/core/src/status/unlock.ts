import { duration } from "../amounts.ts";
import type { Config } from "../config/types.ts";
import { makeProblem, type Problem } from "../errors.ts";
import type { Facts, JobFacts, LockOwner, ReachedHost } from "../facts.ts";
import { freezeWords } from "../plan/checks.ts";
import { type FleetFacts, lostProblems, readFleet } from "../plan/fleet.ts";
import { describeJob } from "../plan/jobs.ts";
import { seenTokens } from "../plan/tokens.ts";
import { describeOwner } from "../plan/warnings.ts";
import { list, quote } from "../plan/words.ts";
import { fleetVerdict } from "./verdict.ts";

/** What taking the lock away would do, before anybody does it. */
export interface UnlockPlan {
  /** Undefined: the lock is free, or could not be read. */
  readonly held: LockOwner | undefined;
  /** Hosts whose record of the lock cannot be read or believed: it is written anew. Absent: none. */
  readonly damaged?: readonly string[];
  /** Sentences; what it would break, and what it leaves as it is. */
  readonly breaks: readonly string[];
  /** It must not be done at all: a job runs, or the leader cannot be read. */
  readonly refused?: Problem;
}

/** Pure: from what the hosts said. A lock is never taken from a running job: two migrations are worse than waiting. */
export function planUnlock(facts: readonly Facts[], config: Config): UnlockPlan {
  const fleet = readFleet(config, facts);
  const leader = fleet.reached.find(({ host }) => host === config.leader);
  if (leader === undefined) {
    const [refused] = lostProblems(fleet).filter(({ place }) => place.host === config.leader);
    return { held: undefined, breaks: [], ...(refused === undefined ? {} : { refused }) };
  }
  const held = leader.lock.owner;
  const running = fleet.reached.flatMap(runningOn);
  const { damaged } = seenTokens(facts, config.leader);
  return {
    held,
    ...(damaged.length === 0 ? {} : { damaged }),
    breaks: [
      ...(held === undefined ? [] : [ownerLine(held, leader.lock.expiresIn)]),
      ...damaged.map(
        (host) =>
          `what ${host} wrote down of the lock is damaged: who holds it is not known, and a run that goes on could change nothing more`,
      ),
      ...running.map(({ host, job }) => `${describeJob(job)} is running on ${host}`),
      ...fleet.reached.flatMap(unsureLines),
      ...(held === undefined ? [] : mixedLines(facts, config)),
      ...frozenLines(leader),
    ],
    ...refusedBy(running, fleet),
  };
}

type Running = { readonly host: string; readonly job: JobFacts };

function runningOn({ host, jobs = [] }: ReachedHost): readonly Running[] {
  return jobs.filter(({ state }) => state === "running").map((job) => ({ host, job }));
}

function ownerLine(owner: LockOwner, left: number): string {
  const who = describeOwner(owner);
  const lease = duration(Math.abs(left) * 1000);
  return left > 0
    ? `${who} holds it, and its lease ends in ${lease}: that run could change nothing more, on any host`
    : `${who} is dead: its lease ended ${lease} ago, and the next run takes the lock without this`;
}

function frozenLines({ lock }: ReachedHost): readonly string[] {
  const why = lock.damaged?.includes("frozen") ? "why cannot be read" : lock.frozen;
  if (why === undefined) return [];
  return [`deploys stay frozen (${why}${freezeWords(lock)}): only \`unfreeze\` ends that`];
}

function unsureLines({ host, jobs = [] }: ReachedHost): readonly string[] {
  return jobs.flatMap((job) => {
    if (job.state === "lost") return [`${describeJob(job)} on ${host} began and did not tell its end`];
    if (job.state !== "foreign") return [];
    return [
      `job ${job.id} on ${host} was written by another version of deploy: whether it runs is not known`,
    ];
  });
}

function mixedLines(facts: readonly Facts[], config: Config): readonly string[] {
  const { state, late, unreachable } = fleetVerdict(facts, config);
  const again = "run it again, or reconcile";
  return [
    ...(unreachable.length === 0 ? [] : [`what ${list(unreachable)} would be left with could not be read`]),
    ...(state === "mixed" ? [`hosts serve different releases and stay so: ${again}`] : []),
    ...(state !== "mixed" && late.length > 0
      ? [`${list(late)} would be left on a release that was not proved good: ${again}`]
      : []),
  ];
}

function refusedBy([first]: readonly Running[], { config }: FleetFacts): { readonly refused?: Problem } {
  if (first === undefined) return {};
  const { host, job } = first;
  const hint = `Wait until it ends; see it with: deploy status --environment ${quote(config.environment)}`;
  const message = `${describeJob(job)} is running, and it would go on without its lock`;
  return { refused: makeProblem("job-running", message, { hint, place: { host } }) };
}
