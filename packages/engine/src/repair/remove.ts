import { DeployErrors, type HostCommand, makeProblem, type Problem } from "@deploy/core";
import { type Fence, lockAcquire, removeAll } from "@deploy/remote";
import { execOn } from "../daily/exec.ts";
import { askSurely } from "../hosts/ask.ts";
import { type Fleet, type Link, linkOf } from "../hosts/fleet.ts";
import { holdLock } from "../lock/lock.ts";
import type { Control } from "../types.ts";
import { askLeader, freeToken, lease, othersOf, type RepairOptions } from "./leader.ts";

export interface RemoveOptions extends RepairOptions, Pick<Control, "clock" | "events" | "signal"> {
  /** Run on those of `live` that are theirs, before anything is removed. */
  readonly commands: readonly HostCommand[];
  /** Hosts that serve something: none of a removal that was cut. */
  readonly live: readonly string[];
  readonly envFile?: string;
}

/**
 * Takes the lock, runs the commands, and removes deploy-to on every host, on the leader last, whose lock goes with it. Where a
 * command fails nothing was removed. Throws `locked`, `frozen`, `step-failed`, and what a host refuses; a removal that was cut
 * is asked for again.
 */
export async function removeFleet(fleet: Fleet, options: RemoveOptions): Promise<void> {
  const { base, owner } = options;
  const dead = [...fleet.links.values()].flatMap(({ problem }) => problem ?? []);
  if (dead.length > 0) throw new DeployErrors(dead);
  const floor = await freeToken(fleet, base, owner.id);
  const acquired = await askLeader(fleet, lockAcquire({ base, owner, lease, floor }));
  const lock = holdLock(fleet, options, { ...acquired, waited: false }, lease);
  const fence = { base, owner: owner.id, token: lock.token };
  let gone = false;
  try {
    for (const command of options.commands) await onItsHosts(fleet, command, options, lock.token);
    await all(othersOf(fleet), (link) => removeOn(link, fence));
    await all([linkOf(fleet, fleet.leader)], (link) => removeOn(link, fence));
    gone = true;
  } finally {
    await lock.end(gone);
  }
}

async function onItsHosts(
  fleet: Fleet,
  command: HostCommand,
  options: RemoveOptions,
  token: number,
): Promise<void> {
  const { base, envFile, live, signal, clock, events } = options;
  const { run, roles } = command;
  const links = [...fleet.links.values()].filter(
    ({ host }) =>
      live.includes(host.name) && (roles.length === 0 || roles.some((role) => host.roles.includes(role))),
  );
  await all(links, async (link) => {
    const host = link.host.name;
    const id = token.toString(16).padStart(8, "0");
    const file = command.envFile ?? envFile;
    const request = { base, run, id, ...(file === undefined ? {} : { envFile: file }) };
    const onOutput = (_: string, text: string): void => events({ kind: "note", host, text: text.trimEnd() });
    const answer = await execOn(fleet, host, request, { signal, clock, onOutput });
    if (answer.status !== "ok" || answer.value === 0) return answer;
    const message = `\`${run}\` ended with ${answer.value} on ${host}: nothing was removed`;
    return { status: "failed", problem: makeProblem("step-failed", message, { place: { host } }) } as const;
  });
}

/** What an earlier removal took away is removed. */
async function removeOn(link: Link, fence: Fence): Promise<Asked> {
  const answer = await askSurely(link, removeAll(fence));
  const gone = answer.status === "failed" && answer.problem.code === "deploy-to-missing";
  return gone ? { status: "ok" } : answer;
}

type Asked = { readonly status: "ok" } | { readonly status: string; readonly problem: Problem };

/** Throws every problem together. */
async function all(links: readonly Link[], work: (link: Link) => Promise<Asked>): Promise<void> {
  const answers = await Promise.all(links.map(work));
  const problems = answers.flatMap((answer) => ("problem" in answer ? [answer.problem] : []));
  if (problems.length > 0) throw new DeployErrors(problems);
}
