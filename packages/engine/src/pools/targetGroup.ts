import { DeployError, duration, problemOf, type Standing, targetOf } from "@deploy/core";
import { type Answer, failed } from "../hosts/ask.ts";
import type { Target, TargetGroup, TargetGroups } from "../means.ts";
import type { At, PoolDriver } from "./driver.ts";

/**
 * Target groups of AWS's load balancers, asked from where deploy runs. A target that was deregistered is `draining` until the group's
 * deregistration delay is over, also with nothing open, and only then cannot be asked any more.
 */
export const driver: PoolDriver<"target-group"> = {
  pause: 2000,
  drains: ({ deregistrationDelay }) => deregistrationDelay,
  read: (at) => withGroups(at, (members) => standingIn(members)),
  drain: (at) =>
    withGroups(at, async (members, aws) => {
      for (const { group } of members) await checkDelay(at, aws, group);
      if (at.context.control.dryRun) return;
      await Promise.all(members.map(({ group, target }) => aws.deregister(group, target)));
    }),
  return: (at) =>
    withGroups(at, async (members, aws) => {
      // Nothing was taken out, perhaps since AWS refused that: then it would refuse this, too.
      if (at.context.control.dryRun || (await standingIn(members)) === "in") return;
      await Promise.all(members.map(({ group, target }) => aws.register(group, target)));
    }),
  settle: async () => ({ status: "ok", value: undefined }),
};

/** One host in one group. */
interface Member {
  readonly group: TargetGroup;
  readonly target: Target;
  health(): Promise<Standing>;
}

/** The host in every group of the pool; what one of them cannot be asked is the answer for all. */
async function withGroups<T>(
  at: At<"target-group">,
  work: (members: readonly Member[], aws: TargetGroups) => Promise<T>,
): Promise<Answer<T>> {
  const { context, link, pool } = at;
  try {
    const aws = context.means.targetGroups?.(pool);
    if (aws === undefined)
      throw new DeployError("means-missing", "the pool's target groups cannot be spoken to");
    const said = targetOf(pool, link.host);
    if (said === undefined)
      throw new DeployError("pool-unreadable", `no target stands for ${link.host.name}`);
    const members = (await aws.find(pool.groups)).map((group): Member => {
      const target = { id: said.id, port: said.port ?? group.port };
      return { group, target, health: async () => standingOf(group, await aws.health(group, target)) };
    });
    return { status: "ok", value: await work(members, aws) };
  } catch (error) {
    return failed(link, problemOf(error));
  }
}

/** Out of all groups: out. Out of some, and leaving the others: draining. */
async function standingIn(members: readonly Member[]): Promise<Standing> {
  const all = new Set(await Promise.all(members.map((member) => member.health())));
  const [first] = all;
  if (first !== undefined && all.size === 1) return first;
  return [...all].every((one) => one === "out" || one === "draining") ? "draining" : "mixed";
}

/** `unused` is what is not registered; but also what is, where no balancer has the group or the instance was stopped. */
function standingOf(
  group: TargetGroup,
  { state, reason }: { readonly state: string; readonly reason: string },
): Standing {
  if (state === "healthy") return "in";
  if (state === "draining" || state === "unhealthy.draining") return "draining";
  if (state === "initial" || state === "unhealthy") return "down";
  if (state === "unused") return reason === "Target.NotRegistered" ? "out" : "down";
  throw new DeployError("pool-unreadable", `the target group ${group.name} says ${JSON.stringify(state)}`);
}

/** The plan told how long each wave waits. */
async function checkDelay(at: At<"target-group">, aws: TargetGroups, group: TargetGroup): Promise<void> {
  const [delay, told] = [await aws.delay(group), at.pool.deregistrationDelay];
  if (delay === told) return;
  throw new DeployError(
    "pool-delay",
    `the deregistration delay of ${group.name} is ${duration(delay)}, and the plan says ${duration(told)}`,
  );
}
