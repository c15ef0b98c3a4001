import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseConfig } from "@deploy/core";
import { expect, test } from "@jest/globals";
import { parse, stringify } from "yaml";
import { root } from "../../scripts/lib/root.ts";
import { calledWorkflows, oidcTwin } from "../../scripts/render/workflows.ts";
import { blocksOf } from "./blocks.ts";

type Mapping = Readonly<Record<string, unknown>>;
const isMapping = (value: unknown): value is Mapping =>
  typeof value === "object" && value !== null && !Array.isArray(value);

interface Call {
  readonly uses: string;
  readonly with?: Mapping;
  readonly secrets?: Mapping | string;
}

/** Every `uses:` of ours, however deep. */
function callsIn(value: unknown): readonly Call[] {
  if (Array.isArray(value)) return value.flatMap(callsIn);
  if (!isMapping(value)) return [];
  const { uses } = value;
  // What a job of ours is called with, and nothing else of it.
  if (Object.keys(value).join() === "secrets")
    return [{ uses: "org/deploy/.github/workflows/deploy.yml@v1", ...value }];
  const own =
    typeof uses === "string" && /^(org\/deploy|\$)[/@]/.test(uses) ? [value as unknown as Call] : [];
  return [...own, ...Object.values(value).flatMap(callsIn)];
}

const workflows = calledWorkflows();
const called = new Map([...workflows, ["deploy-oidc.yml", oidcTwin(workflows.get("deploy.yml") ?? "")]]);

/** What that which is called may be given, as `with.x` and `secrets.x`; undefined: there is no such thing. */
function takes(uses: string): readonly string[] | undefined {
  const [, path = ""] = /^(?:org\/deploy|\$)\/?([^@]*)/.exec(uses) ?? [];
  if (path.startsWith(".github/workflows/")) {
    const text = called.get(path.slice(".github/workflows/".length));
    if (text === undefined) return undefined;
    const { inputs = {}, secrets = {} } = parse(text).on.workflow_call;
    return [
      ...Object.keys(inputs).map((name) => `with.${name}`),
      ...Object.keys(secrets).map((name) => `secrets.${name}`),
    ];
  }
  const file = join(root, "actions", path || "deploy", "action.yml");
  if (!existsSync(file)) return undefined;
  return Object.keys(parse(readFileSync(file, "utf8")).inputs).map((name) => `with.${name}`);
}

function given({ with: inputs = {}, secrets = {} }: Call): readonly string[] {
  const named = typeof secrets === "string" ? {} : secrets;
  return [
    ...Object.keys(inputs).map((name) => `with.${name}`),
    ...Object.keys(named).map((name) => `secrets.${name}`),
  ];
}

const base = {
  app: "shop",
  "deploy-to": "/srv/shop",
  environments: { production: { hosts: ["deploy@web1.example.com", "deploy@web2.example.com"] } },
};

/** A part of a config file, in one that is whole. */
function configProblems(part: Mapping): readonly string[] {
  const text = stringify({ ...base, ...part });
  const { environments } = parse(text) as typeof base;
  // One of those that a key with a star stands for.
  const names = Object.keys(environments).map((key) => key.replace("*", "1"));
  return names.flatMap((environment) => {
    try {
      parseConfig(text, { file: "deploy.yml", environment });
      return [];
    } catch (error) {
      const { problems = [{ message: String(error) }] } = error as { problems?: { message: string }[] };
      return problems.map(({ message }) => message);
    }
  });
}

const blocks = blocksOf("yaml").map(({ place, text }) => [place, text] as const);

test.each(blocks)("%s", (_, text) => {
  const value = parse(text);
  const calls = callsIn(value);
  for (const call of calls) {
    const may = takes(call.uses);
    expect([
      call.uses,
      may !== undefined,
      given(call).filter((name) => may?.includes(name) !== true),
    ]).toEqual([call.uses, true, []]);
  }
  const isWorkflow =
    calls.length > 0 || !isMapping(value) || "jobs" in value || "on" in value || "permissions" in value;
  expect(isWorkflow ? [] : configProblems(value)).toEqual([]);
});
