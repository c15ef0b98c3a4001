import { type Query, type QueryService, queryService } from "../query/query.ts";
import { at, type Element, textAt } from "../query/xml.ts";
import { refusal } from "./refusal.ts";

/** Who is behind a balancer: an instance or an IP address, at a port. */
export interface Target {
  readonly id: string;
  readonly port: number;
}

/** A target group, as it is asked for. */
export interface TargetGroup {
  readonly name: string;
  readonly arn: string;
  /** Of targets that say none. */
  readonly port: number;
}

/** AWS's own words: `healthy`, `draining`…, and why. */
export interface TargetHealth {
  readonly state: string;
  readonly reason: string;
}

/**
 * The five calls that a host needs to leave its target groups and to return. All may be repeated. Each rejects with a DeployError:
 * `pool-denied` where AWS refused us, `pool-unreadable` for all else.
 */
export interface TargetGroups {
  /** By name or ARN, in the order of `groups`. */
  find(groups: readonly string[]): Promise<readonly TargetGroup[]>;
  /** Milliseconds. */
  delay(group: TargetGroup): Promise<number>;
  health(group: TargetGroup, target: Target): Promise<TargetHealth>;
  register(group: TargetGroup, target: Target): Promise<void>;
  deregister(group: TargetGroup, target: Target): Promise<void>;
}

export type TargetGroupsOptions = Omit<QueryService, "service" | "version">;

/** docs.aws.amazon.com/elasticloadbalancing/latest/APIReference */
export function targetGroups(options: TargetGroupsOptions): TargetGroups {
  const query = queryService({ ...options, service: "elasticloadbalancing", version: "2015-12-01" });
  const found = new Map<string, Promise<TargetGroup>>();
  const findOne = (group: string) => {
    const known = found.get(group) ?? findGroup(query, group);
    found.set(group, known);
    known.catch(() => found.delete(group));
    return known;
  };
  const change = (action: "RegisterTargets" | "DeregisterTargets") => (group: TargetGroup, target: Target) =>
    asked(action, group.name, async () => void (await query(action, parametersOf(group, target))));
  return {
    find: (groups) => Promise.all(groups.map(findOne)),
    delay: (group) => asked("DescribeTargetGroupAttributes", group.name, () => readDelay(query, group)),
    health: (group, target) =>
      asked("DescribeTargetHealth", group.name, () => readHealth(query, group, target)),
    register: change("RegisterTargets"),
    deregister: change("DeregisterTargets"),
  };
}

async function asked<T>(action: string, group: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw refusal(action, group, error);
  }
}

/** Always with the port: without one AWS says yes, and leaves registered what was registered with another. */
function parametersOf({ arn }: TargetGroup, { id, port }: Target): Readonly<Record<string, string>> {
  return { TargetGroupArn: arn, "Targets.member.1.Id": id, "Targets.member.1.Port": String(port) };
}

function findGroup(query: Query, group: string): Promise<TargetGroup> {
  const action = "DescribeTargetGroups";
  return asked(action, group, async () => {
    const by = group.startsWith("arn:") ? "TargetGroupArns" : "Names";
    const answer = await query(action, { [`${by}.member.1`]: group });
    const [one, ...others] = membersOf(at(answer, "TargetGroups"));
    const [arn, name] = [textAt(one, "TargetGroupArn"), textAt(one, "TargetGroupName")];
    const port = Number(textAt(one, "Port"));
    if (arn === undefined || name === undefined || others.length > 0 || !Number.isInteger(port))
      throw new Error(`${others.length + 1} groups were answered, ARN ${arn}, port ${port}`);
    return { arn, name, port };
  });
}

async function readDelay(query: Query, { arn }: TargetGroup): Promise<number> {
  const answer = await query("DescribeTargetGroupAttributes", { TargetGroupArn: arn });
  const key = "deregistration_delay.timeout_seconds";
  const value = textAt(
    membersOf(at(answer, "Attributes")).find((one) => textAt(one, "Key") === key),
    "Value",
  );
  if (value === undefined || !/^\d{1,4}$/.test(value)) throw new Error(`${key} is ${value}`);
  return Number(value) * 1000;
}

async function readHealth(query: Query, group: TargetGroup, target: Target): Promise<TargetHealth> {
  const answer = await query("DescribeTargetHealth", parametersOf(group, target));
  const [one, ...others] = membersOf(at(answer, "TargetHealthDescriptions"));
  const state = textAt(one, "TargetHealth", "State");
  if (state === undefined || others.length > 0 || textAt(one, "Target", "Id") !== target.id)
    throw new Error(`${others.length + (one === undefined ? 0 : 1)} targets were answered, state ${state}`);
  return { state, reason: textAt(one, "TargetHealth", "Reason") ?? "" };
}

function membersOf(list: Element | undefined): readonly Element[] {
  return list?.elements.filter(({ name }) => name === "member") ?? [];
}
