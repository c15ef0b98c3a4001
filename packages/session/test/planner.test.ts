import type { Config, Facts, Plan, ReachedHost } from "@deploy/core";
import { configFromInputs } from "@deploy/core";
import { expect, test } from "@jest/globals";
import { plannerOf } from "../src/planner.ts";

const config: Config = configFromInputs({ hosts: "deploy@web1", deployTo: "/srv/shop" });
const [one, two, three] = [
  "20261121T080000Z-1111111",
  "20261121T090000Z-2222222",
  "20261121T100000Z-3333333",
];

/** The one host, with these good releases, serving the last. */
function factsOf(...ids: readonly string[]): readonly Facts[] {
  const host: ReachedHost = {
    host: "web1",
    reached: true,
    user: "deploy",
    tools: { awk: true, flock: true, gzip: true, sha256sum: true, tar: true, curl: true, setsid: true },
    freeBytes: 1e9,
    freeInodes: 1e6,
    writable: true,
    clock: 1_795_000_000,
    current: ids.length === 0 ? { kind: "none" } : { kind: "release", release: ids.at(-1) ?? "" },
    releases: ids.map((id) => ({ id, state: "good", manifest: id.slice(-7) })),
    strangers: [],
    missingShared: [],
    adopted: 1,
    lock: { token: 1, expiresIn: 0 },
    journal: [],
  };
  return [host];
}

/** The plan made again from later facts, and what was told of it. */
function again(made: Plan, planner: ReturnType<typeof plannerOf>, later: readonly Facts[]): Plan {
  const told: Plan[] = [];
  const fresh = planner.again(made, (plan) => told.push(plan)).replan?.(later);
  if (fresh === undefined) throw new Error("there is no way to plan again");
  expect(told).toEqual([fresh]);
  return fresh;
}

const owner = (id: string) => ({ id, repository: "" });

const deploy = {
  kind: "deploy",
  now: new Date("2026-11-21T11:00:00Z"),
  commit: "4444444000000000000000000000000000000000",
  artifact: { digest: "d", manifest: "m", files: 1, bytes: 1 },
} as const;

test("a deploy that waited starts from what is live by then, under the same id", () => {
  const planner = plannerOf(config, factsOf(one), owner("me"));
  const made = planner.plan(deploy);
  const fresh = again(made, planner, factsOf(one, two));
  expect([made.release === fresh.release, made.hosts[0]?.from, fresh.hosts[0]?.from]).toEqual([
    true,
    one,
    two,
  ]);
});

test("a rollback that waited goes to the release that was meant, not to the one before by then", () => {
  const planner = plannerOf(config, factsOf(one, two), owner("me"));
  const made = planner.plan({ kind: "rollback" });
  const fresh = again(made, planner, factsOf(one, two, three));
  expect([made.release, fresh.release, fresh.hosts[0]?.from]).toEqual([one, one, three]);
});

test("what was approved holds for the second plan too", () => {
  const planner = plannerOf(config, factsOf(one), owner("me"));
  const made = planner.plan(deploy, plannerOf(config, factsOf(one), owner("me")).plan(deploy));
  expect(again(made, planner, factsOf(one)).digest).toBe(made.digest);
  expect(() => planner.again(made).replan?.(factsOf(one, two))).toThrow("not the plan that was approved");
});

test("a plan from elsewhere cannot be made again", () => {
  const planner = plannerOf(config, factsOf(one), owner("me"));
  expect(planner.again(plannerOf(config, factsOf(one), owner("me")).plan(deploy))).toEqual({});
});
