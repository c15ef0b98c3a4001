import { type Config, type Facts, type JobFacts, plan, renderPlanText } from "@deploy/core";
import { describe, expect, test } from "@jest/globals";
import {
  artifact,
  configOf,
  deployRequest,
  fleetOf,
  fullConfig,
  minted,
  newRelease,
  old,
  older,
  releaseOf,
  serving,
} from "../fixtures.ts";

const names = ["web1", "web2", "web3"];
const migrate = {
  run: "bin/migrate",
  onCancel: "keep",
  grace: 1_000,
  silence: 60_000,
  after: "bin/drop",
} as const;
const config = configOf({ migrate: { ...migrate, compatible: true } });
const deploy = (found: readonly Facts[] = fleetOf(), changes: Partial<Config> = {}) =>
  plan({ ...config, ...changes }, found, deployRequest({ release: minted }));
const three = [releaseOf(older), releaseOf(old), newRelease("good")];
const served = names.map((name) => serving(name, minted, three));
const withJob = (job: Partial<JobFacts>) =>
  served.map((host) => ({
    ...host,
    jobs: [{ id: `after-${minted}`, state: "done", release: minted, ...job } as const],
  }));

describe("what the database loses once all hosts have the release", () => {
  test("is the last step, on the leader; the migration before does not carry it", () => {
    const made = deploy();
    const last = made.stages.at(-1)?.steps ?? [];
    expect(last.map(({ step, hosts }) => [step, hosts])).toEqual([
      ["finish", names],
      ["after", ["web1"]],
    ]);
    expect(JSON.stringify(made.stages.slice(0, -1))).not.toContain("bin/drop");
    expect(made.headline).toContain("migration, switch together, migration after it");
    expect(renderPlanText(made)).toContain(
      "after on web1: once, now that every host has proved the release: from then on no rollback goes to an older one; ",
    );
    expect(plan(config, served, { kind: "rollback" }).stages.at(-1)?.steps.length).toBe(1);
  });

  test("is all that is left where every host serves the release, until it ended well", () => {
    const steps = (found: readonly Facts[]) => {
      const made = deploy(found);
      return [made.changed, made.stages.flatMap(({ steps }) => steps.map(({ step }) => step))];
    };
    expect(steps(served)).toEqual([true, ["finish", "after"]]);
    expect(steps(withJob({ code: 1 }))).toEqual([true, ["finish", "after"]]);
    expect(steps(withJob({ code: 0 }))).toEqual([false, []]);
  });

  test("waits for hosts that are left out, and the plan says so", () => {
    const made = deploy(fleetOf().slice(0, 2), {
      hosts: config.hosts.slice(0, 2),
      without: ["web3"],
    });
    expect(made.stages.at(-1)?.steps.map(({ step }) => step)).toEqual(["finish"]);
    expect(made.warnings.join()).toContain("`migrate.after` is not run: hosts that are left out");
  });
});

describe("a rollback below the floor", () => {
  const floored = served.map((host) => (host.host === "web2" ? { ...host, floor: minted } : host));
  const back = (found: readonly Facts[], to?: string) =>
    plan(fullConfig(), found, to === undefined ? { kind: "rollback" } : { kind: "rollback", to });

  test.each([undefined, old, older])("is refused by name: %s", (to) => {
    const { problems, stages } = back(floored, to);
    expect([stages, problems.map(({ code }) => code)]).toEqual([[], ["rollback-floor"]]);
    expect(problems[0]?.message).toMatch(new RegExp(`^${to ?? old} is older than ${minted}: `));
    expect(problems[0]?.hint).toContain("rm /var/www/shop/.deploy/floor");
  });

  test("is none where the target is the floor, or newer", () => {
    const newer = "20261122T000000Z-ccccccc";
    const found = names.map((name) => ({
      ...serving(name, newer, [...three, { id: newer, state: "good", manifest: artifact.manifest }]),
      floor: minted,
    }));
    expect(back(found)).toMatchObject({ release: minted, problems: [] });
    const [problem] = back(found, old).problems;
    expect(problem?.hint).toContain(` Possible: ${minted}.`);
  });
});
