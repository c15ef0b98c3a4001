import { type Health, isReleaseId, type Plan, plan, planDigest, stepsNamed, stepsOf } from "@deploy/core";
import { describe, expect, test } from "@jest/globals";
import {
  artifact,
  commit,
  configOf,
  deployPlan,
  deployRequest,
  fleetOf,
  fullConfig,
  hostOf,
  login,
  minted,
  newRelease,
  now,
  old,
  older,
  reachedHost,
  releaseOf,
  serving,
  staged,
} from "../fixtures.ts";

const names = ["web1", "web2", "web3"];
const rest = ["web2", "web3"].map((name) => reachedHost(name));
const later = new Date(now.getTime() + 60_000);

function partOf<Key extends keyof Plan>(whole: Plan, ...keys: readonly Key[]): Partial<Plan> {
  return Object.fromEntries(keys.map((key) => [key, whole[key]]));
}

describe("a deploy's plan", () => {
  test("says everything, as data", () => {
    const config = fullConfig();
    const made = deployPlan(config);
    const health = config.activate.health as Health;
    const expected = {
      schema: 3,
      kind: "deploy",
      app: "shop",
      environment: "production",
      url: "https://shop.example.com",
      deployTo: "/var/www/shop",
      shared: { directories: ["log"], files: [".env"] },
      leader: "web1",
      release: minted,
      commit,
      artifact,
      changed: true,
      stages: staged([
        { step: "upload", hosts: names },
        { step: "prepare", hosts: names, run: "npm ci --omit=dev" },
        { step: "prepare", hosts: ["web3"], run: "npm run warm", envFile: ".env" },
        {
          step: "backup",
          hosts: ["web1"],
          backup: {
            database: "sqlite",
            path: "db/shop.sqlite3",
            encryptTo: [],
            from: "leader",
            proof: "read",
            compression: "auto",
            minimum: 64,
            keep: 14,
          },
        },
        {
          step: "migrate",
          hosts: ["web1"],
          run: "npm run migrate",
          envFile: ".env",
          onCancel: "keep",
          grace: 10_000,
          silence: 300_000,
        },
        { step: "switch", hosts: names },
        { step: "reload", hosts: names, run: "sudo systemctl reload shop" },
        { step: "health", hosts: names, health },
        { step: "finish", hosts: names },
      ]),
      problems: [],
      hosts: [
        { host: "web1", address: "web1", ...login, roles: ["web"], from: old, to: minted, removals: [] },
        { host: "web2", address: "web2", ...login, roles: ["web"], from: old, to: minted, removals: [] },
        {
          host: "web3",
          address: "web3",
          ...login,
          roles: ["web", "worker"],
          from: old,
          to: minted,
          removals: [],
        },
      ],
      warnings: [],
      headline: "4f2a91c to 3 hosts of production: 2 prepare commands, backup, migration, switch together",
    };
    expect(made).toEqual({ ...expected, digest: planDigest(expected as Omit<Plan, "digest">) });
    expect(made.digest).toMatch(/^[0-9a-f]{64}$/);
  });

  test("survives JSON: it is plain data", () => {
    const made = deployPlan(fullConfig());
    expect(JSON.parse(JSON.stringify(made))).toEqual(made);
  });

  test("a host without roles runs every command, a command without roles runs everywhere", () => {
    const prepare = [
      { run: "a", roles: ["db"] },
      { run: "b", roles: [] },
      { run: "c", roles: ["worker"] },
    ];
    expect(stepsNamed(deployPlan(configOf({ prepare })), "prepare")).toEqual([
      { id: "prepare-1", step: "prepare", hosts: ["web1"], run: "a" },
      { id: "prepare-2", step: "prepare", hosts: names, run: "b" },
      { id: "prepare-3", step: "prepare", hosts: ["web1", "web3"], run: "c" },
    ]);
  });

  test("a first deploy goes from nothing; one host switches alone", () => {
    const config = configOf({ hosts: [hostOf("web1")] });
    const made = plan(
      config,
      [reachedHost("web1", { current: { kind: "none" }, releases: [] })],
      deployRequest({ commit: "" }),
    );
    expect(partOf(made, "headline", "problems", "warnings", "hosts")).toEqual({
      headline: "20261121T084450Z-0000000 to 1 host of production: switch",
      problems: [],
      warnings: [],
      hosts: [
        {
          host: "web1",
          address: "web1",
          ...login,
          roles: [],
          from: null,
          to: "20261121T084450Z-0000000",
          removals: [],
        },
      ],
    });
  });

  test("a headline never outgrows a job's name", () => {
    const { headline } = deployPlan(configOf({ environment: "p".repeat(200) }));
    expect([...headline].length).toBe(100);
    expect(headline.endsWith("…")).toBe(true);
  });

  test("names what will be removed, host by host", () => {
    const { hosts } = plan(configOf({ keepReleases: 2 }), fleetOf(), deployRequest());
    expect(hosts.map(({ removals }) => removals)).toEqual(
      names.map(() => [{ release: older, because: "older than the newest 2 good releases" }]),
    );
  });

  test("adopts the folder another tool made", () => {
    const releases = ["20240130000000", "20240131235959"].map((id) => ({ id, state: "good" }) as const);
    const facts = names.map((name) => serving(name, "20240131235959", releases));
    const made = plan(configOf(), facts, deployRequest());
    expect(made.hosts.map(({ from, to }) => [from, to])).toEqual(names.map(() => ["20240131235959", minted]));
    expect(made.problems).toEqual([]);
    expect(made.warnings).toEqual(
      names.map(
        (name) =>
          `${name} serves 20240131235959, made by another tool: it is adopted and stays a rollback target`,
      ),
    );
  });
});

describe("run again", () => {
  const live = names.map((name) =>
    serving(name, "20261101T000000Z-4f2a91c", [
      releaseOf(old),
      newRelease("good", "20261101T000000Z-4f2a91c"),
    ]),
  );
  const request = deployRequest();

  test("the same files and commit live everywhere: nothing to do", () => {
    const made = plan(fullConfig(), live, request);
    expect(partOf(made, "changed", "stages", "problems", "warnings", "headline", "release")).toEqual({
      changed: false,
      stages: [],
      problems: [],
      warnings: [],
      headline: "Nothing to do: 4f2a91c is live on 3 hosts",
      release: "20261101T000000Z-4f2a91c",
    });
    expect(made.hosts.every(({ from, to }) => from === to)).toBe(true);
  });

  test("the same, with force: a new release of it, and the plan says so; a re-run goes on with that one", () => {
    const forced = deployRequest({ force: true });
    const made = plan(configOf(), live, forced);
    expect(partOf(made, "changed", "forced", "release", "problems", "headline")).toEqual({
      changed: true,
      forced: true,
      release: minted,
      problems: [],
      headline: "4f2a91c again (forced) to 3 hosts of production: switch together",
    });
    expect(made.digest).not.toBe(plan(configOf(), live, deployRequest({ release: minted })).digest);
    const prepared = live.map((host) => ({ ...host, releases: [...host.releases, newRelease("ready")] }));
    const killed = [serving("web1", minted, prepared[0]?.releases ?? []), ...prepared.slice(1)];
    const ended = live.map(({ host }) => serving(host, minted, [newRelease("good")]));
    const again = { force: true, now: later };
    expect([prepared, killed].map((facts) => plan(configOf(), facts, deployRequest(again)).release)).toEqual([
      minted,
      minted,
    ]);
    expect(plan(configOf(), ended, deployRequest({ ...again, release: minted })).changed).toBe(false);
    expect(plan(configOf(), fleetOf(), forced)).toEqual(deployPlan());
  });

  test.each([
    ["another commit", { commit: "1234567890" }],
    ["other files", { artifact: { ...artifact, manifest: "c".repeat(64) } }],
  ])("%s is a new release", (_, changes) => {
    const made = plan(configOf(), live, deployRequest(changes));
    expect(made.changed).toBe(true);
    expect(made.release.startsWith("20261121T084450Z-")).toBe(true);
  });

  test("live but never proved good: gone through again, under the same id", () => {
    const unproved = names.map((name) => serving(name, minted, [releaseOf(old), newRelease("active")]));
    const made = plan(configOf(), unproved, deployRequest({ now: later }));
    expect(partOf(made, "changed", "release")).toEqual({ changed: true, release: minted });
    expect(stepsOf(made).map(({ step }) => step)).toEqual(["upload", "switch", "finish"]);
  });

  test.each(["partial", "ready"] as const)("an interrupted upload (%s) keeps its id", (state) => {
    const facts = [reachedHost("web1", { releases: [releaseOf(old), newRelease(state)] }), ...rest];
    const made = plan(configOf(), facts, deployRequest({ now: later }));
    expect(made.release).toBe(minted);
    expect(made.problems).toEqual([]);
  });

  test("hosts a killed run had switched stay there, the others follow", () => {
    const facts = [serving("web1", minted, [releaseOf(old), newRelease("active")]), ...rest];
    const made = plan(configOf(), facts, deployRequest({ now: later }));
    expect(made.hosts.map(({ from, to }) => [from, to])).toEqual([
      [minted, minted],
      [old, minted],
      [old, minted],
    ]);
    expect(made.warnings).toEqual([
      `hosts serve different releases (an earlier run was interrupted, this one completes it): web1: ${minted}; web2 and web3: ${old}`,
    ]);
  });

  test("a new host gets the release the others have proved", () => {
    const facts = [...live.slice(0, 2), reachedHost("web3", { current: { kind: "none" }, releases: [] })];
    const made = plan(configOf(), facts, request);
    expect(made.hosts.map(({ from, to }) => [from, to])).toEqual([
      ["20261101T000000Z-4f2a91c", "20261101T000000Z-4f2a91c"],
      ["20261101T000000Z-4f2a91c", "20261101T000000Z-4f2a91c"],
      [null, "20261101T000000Z-4f2a91c"],
    ]);
  });

  test("what was bad anywhere is not taken again", () => {
    const other = "20261110T000000Z-4f2a91c";
    const facts = [
      reachedHost("web1", { releases: [releaseOf(old), newRelease("ready", other)] }),
      reachedHost("web2", { releases: [releaseOf(old), newRelease("bad", other)] }),
      reachedHost("web3"),
    ];
    expect(plan(configOf(), facts, request).release).toBe(minted);
  });

  test("an id that means other files on one host is not taken", () => {
    const other = "20261110T000000Z-4f2a91c";
    const facts = [
      reachedHost("web1", { releases: [releaseOf(old), newRelease("ready", other)] }),
      reachedHost("web2", { releases: [releaseOf(old), releaseOf(other, "ready")] }),
      reachedHost("web3"),
    ];
    expect(plan(configOf(), facts, request).release).toBe(minted);
  });

  test("a good release of the same files that is no longer live gets a new id: going forward is no rollback", () => {
    const facts = names.map((name) => serving(name, old, [newRelease("good", older), releaseOf(old)]));
    expect(plan(configOf(), facts, request).release).toBe(minted);
  });

  test("the plan is the same before the upload, after it, and where the disk has filled up since", () => {
    const before = deployPlan(fullConfig());
    const uploaded = fleetOf({
      releases: [releaseOf(older), releaseOf(old), newRelease("ready")],
      freeBytes: 5,
    });
    const after = plan(fullConfig(), uploaded, deployRequest({ release: minted }));
    expect(after).toEqual(before);
  });

  test("the digest ignores warnings and nothing else", () => {
    const whole = deployPlan();
    expect(planDigest({ ...whole, warnings: ["x"] })).toBe(whole.digest);
    const changes: readonly Partial<Plan>[] = [
      { release: old },
      { changed: false },
      { headline: "" },
      { hosts: whole.hosts.slice(1) },
      { artifact: { ...artifact, digest: "0" } },
    ];
    const digests = changes.map((change) => planDigest({ ...whole, ...change }));
    expect(new Set([...digests, whole.digest]).size).toBe(changes.length + 1);
  });

  test("the digest does not hang on the order of keys", () => {
    const whole = deployPlan();
    const shuffled = Object.fromEntries(Object.entries(whole).reverse()) as unknown as Plan;
    expect(planDigest(shuffled)).toBe(whole.digest);
  });

  test("every minted id is valid", () => {
    expect(isReleaseId(deployPlan().release)).toBe(true);
  });
});
