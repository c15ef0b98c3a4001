import type { Problem } from "../errors.ts";
import type { Finding } from "./file/finding.ts";
import { readIssues } from "./file/issues.ts";
import type { Layers } from "./file/layers.ts";
import { problem } from "./file/problem.ts";
import { type Host, readFleet } from "./hosts/fleet.ts";
import { environment } from "./schema.ts";
import type { Judged, Shape } from "./section.ts";
import { allSections } from "./sections.ts";
import { camelCase } from "./values/mapping.ts";

/** The settings of one environment, as far as they are right, and everything that is wrong with them. */
export interface LayersRead {
  /** By key, in camelCase, with their defaults. */
  readonly values: Readonly<Record<string, unknown>>;
  readonly hosts: readonly Host[];
  readonly problems: readonly Problem[];
}

/** Judges one environment. `complete` asks for everything a deploy needs, not only for what is there. */
export function readLayers(layers: Layers, complete: boolean): LayersRead {
  const { tree, isInput } = layers;
  const { values, findings } = readValues(tree, environment);
  const entries = Array.isArray(tree.hosts) ? tree.hosts : [];
  const fleet = readFleet(entries, {
    username: typeof values.username === "string" ? values.username : undefined,
    complete,
    lineOf: (index) => layers.place(["hosts", index], "value").line,
  });
  const hosts = fleet.hosts.filter((host) => host !== undefined);
  // What depends on the whole fleet waits until every host is readable: no problems from problems.
  const whole = hosts.length === entries.length && entries.length > 0;
  const judged: Judged = { values, tree, hosts: whole ? hosts : undefined, complete, isInput };
  const all: readonly Finding[] = [
    ...findings,
    ...fleet.findings,
    ...allSections.flatMap((section) => section.check(judged)),
    ...(complete ? findMissing(tree) : []),
  ];
  const problems = all.map((finding) => problem(finding, layers.place(finding.path, finding.at)));
  return { values, hosts, problems };
}

/** Each key on its own, so that one bad value hides no other. Unknown keys are the file schema's business. */
export function readValues(tree: Layers["tree"], keys: Shape) {
  const values: Record<string, unknown> = {};
  const findings: Finding[] = [];
  for (const [key, schema] of Object.entries(keys)) {
    const given = Object.hasOwn(tree, key) ? tree[key] : undefined;
    const read = schema.safeParse(given);
    if (read.success) values[camelCase(key)] = read.data;
    else findings.push(...readIssues(read.error.issues, given, [key]));
  }
  return { values, findings };
}

function findMissing(tree: Layers["tree"]): readonly Finding[] {
  const needed = allSections.flatMap(({ needs }) => Object.entries(needs));
  return needed.flatMap(([key, what]): Finding[] => {
    const value = tree[key];
    if (Object.hasOwn(tree, key) && !(Array.isArray(value) && value.length === 0)) return [];
    return [{ path: [key], at: "key", code: "config-missing", message: `expected ${what}, got nothing` }];
  });
}
