import type { Problem } from "../errors.ts";
import { checkRoles, checkShared, findLeader } from "./check.ts";
import { readFleet } from "./hosts.ts";
import { type Finding, readIssues } from "./issues.ts";
import type { Layers } from "./layers.ts";
import { problem } from "./problem.ts";
import { environment, type Settings } from "./schema.ts";
import type { Host } from "./types.ts";
import { checkUpload } from "./upload.ts";

/** The settings of one environment, as far as they are right, and everything that is wrong with them. */
export interface Settled {
  readonly settings: Settings;
  readonly hosts: readonly Host[];
  readonly leader: string;
  readonly problems: readonly Problem[];
}

/** Judges one environment. `complete` asks for everything a deploy needs, not only for what is there. */
export function settle(layers: Layers, complete: boolean): Settled {
  const { settings, findings } = readSettings(layers.tree);
  const entries = Array.isArray(layers.tree.hosts) ? layers.tree.hosts : [];
  const fleet = readFleet(entries, {
    username: settings.username,
    complete,
    lineOf: (index) => layers.place(["hosts", index], "value").line,
  });
  const hosts = fleet.hosts.filter((host) => host !== undefined);
  // What depends on the whole fleet waits until every host is readable: no problems from problems.
  const whole = hosts.length === entries.length && entries.length > 0;
  const leader = whole ? findLeader(settings.leader, hosts) : "";
  const all: readonly Finding[] = [
    ...findings,
    ...fleet.findings,
    ...(typeof leader === "string" ? [] : [leader]),
    ...checkShared(layers.tree.shared),
    ...(whole ? checkRoles(settings, hosts) : []),
    ...checkUpload(settings.upload, { complete, overruled: isOverruled(layers) }),
    ...(complete ? findMissing(layers.tree) : []),
  ];
  const problems = all.map((finding) => problem(finding, layers.place(finding.path, finding.at)));
  return { settings, hosts, leader: typeof leader === "string" ? leader : "", problems };
}

function isOverruled({ isInput }: Layers): boolean {
  return isInput(["upload", "method"]) && !isInput(["upload", "store"]);
}

/** Each key on its own, so that one bad value hides no other. Unknown keys are the file schema's business. */
function readSettings(tree: Layers["tree"]) {
  const settings: Record<string, unknown> = {};
  const findings: Finding[] = [];
  for (const [key, schema] of Object.entries(environment)) {
    if (!Object.hasOwn(tree, key)) continue;
    const read = schema.safeParse(tree[key]);
    if (read.success) settings[key] = read.data;
    else findings.push(...readIssues(read.error.issues, tree[key], [key]));
  }
  return { settings: settings as Settings, findings };
}

function findMissing(tree: Layers["tree"]): readonly Finding[] {
  const needed = {
    app: "the app's name",
    "deploy-to": "the app's folder on the hosts",
    hosts: "at least one host",
  };
  return Object.entries(needed).flatMap(([key, what]): Finding[] => {
    const value = tree[key];
    if (Object.hasOwn(tree, key) && !(Array.isArray(value) && value.length === 0)) return [];
    return [{ path: [key], at: "key", code: "config-missing", message: `expected ${what}, got nothing` }];
  });
}
