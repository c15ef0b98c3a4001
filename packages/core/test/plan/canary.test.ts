import {
  type Config,
  comparePlans,
  decideResult,
  type Facts,
  type Health,
  makeReport,
  type Plan,
  plan,
  type ReachedHost,
  renderFactsText,
  renderPlanMarkdown,
  renderPlanText,
  renderReportMarkdown,
} from "@deploy/core";
import { describe, expect, test } from "@jest/globals";
import {
  allOk,
  configOf,
  deployRequest,
  fullConfig,
  hostOf,
  minted,
  newRelease,
  old,
  outcomeOf,
  reachedHost,
  reconcileRequest,
  releaseOf,
  serving,
} from "../fixtures.ts";

type Canary = NonNullable<Config["activate"]["canary"]>;
const names = ["web1", "web2", "web3", "web4"];
const facts = names.map((name) => reachedHost(name));
const health = { ...fullConfig().activate.health, roles: [] } as unknown as Health;
const pool = {
  kind: "haproxy",
  ...{ balancers: [hostOf("lb1")], socket: "/run/a.sock", backend: "shop" },
  ...{ servers: [], within: 30_000, roles: [] },
} as const;

function canary(changes: Partial<Canary> = {}, more: Partial<Config["activate"]> = {}): Config {
  const settings = {
    ...{ soak: 600_000, interval: 10_000, moreErrors: 0.01 },
    others: "rolling",
    hosts: { hosts: 1, percent: undefined },
    ...changes,
  } as const;
  return configOf({
    hosts: names.map((name) => hostOf(name)),
    activate: { strategy: "canary", canary: settings, reload: [], health, ...more },
  });
}
const some = (hosts: number) => ({ hosts: { hosts, percent: undefined } });
const part = (percent: number) => ({ hosts: { hosts: undefined, percent } });
const deploy = (config: Config, found: readonly Facts[] = facts) =>
  plan(config, found, deployRequest({ release: minted }));

/** `canary: switch web2, soak web2 | 1: switch web3`. */
function waves(made: Plan): string {
  return made.stages
    .filter(({ kind }) => kind === "wave" || kind === "finish")
    .map(
      ({ name = "finish", steps }) =>
        `${name}: ${steps.map(({ step, hosts }) => `${step} ${hosts.join("+")}`)}`,
    )
    .join(" | ");
}
/** Without drain, health and return, which each wave has. */
const short = (made: Plan) => waves(made).replace(/,(drain|health|return) [^, ]+/g, "");

/** web2 holds the new release, as a canary that waits for a person. */
const held = { by: "org/shop/7", since: "2026-11-30T10:00:00Z", release: minted };
const holding: readonly ReachedHost[] = facts.map((host) =>
  host.host === "web2"
    ? { ...serving("web2", minted, [releaseOf(old), newRelease("active")]), held }
    : { ...host, releases: [releaseOf(old), newRelease("ready")] },
);

describe("canary", () => {
  test.each<[Partial<Canary>, string]>([
    [{}, "canary: web2 | web3 | web4 | web1"],
    [{ ...some(2), others: "all" }, "canary: web2+web3 | web1+web4"],
    [some(9), "canary: web2+web3+web4 | web1"],
    [part(50), "canary: web2+web3 | web4 | web1"],
    [part(10), "canary: web2 | web3 | web4 | web1"],
    [{ hosts: { names: ["web4", "deploy@web3"] } }, "canary: web3+web4 | web2 | web1"],
    [{ others: "hold" }, "canary: web2"],
  ])("%j: %s", (changes, expected) => {
    const made = deploy(canary(changes));
    const found = made.stages
      .filter(({ kind }) => kind === "wave")
      .map(({ steps }) => steps[0]?.hosts.join("+"));
    expect(`canary: ${found.join(" | ")}`).toBe(expected);
  });

  test("soaks after its proof, and the others follow; with hold nobody does, and nothing is marked good", () => {
    expect(waves(deploy(canary({ others: "all" })))).toBe(
      "canary: switch web2,health web2,soak web2 | 1: switch web1+web3+web4,health web1+web3+web4 | finish: finish web1+web2+web3+web4",
    );
    expect(waves(deploy(canary({ others: "hold" })))).toBe(
      "canary: switch web2,health web2,soak web2,hold web2",
    );
    expect(deploy(canary({ ...some(2) })).maxUnavailable).toBe(2);
    expect(deploy(canary({ others: "all" })).maxUnavailable).toBe(3);
  });

  test("users are what it is tried out on: who is behind the balancers goes first, one always stays", () => {
    const config = canary({ ...some(3), others: "all" }, { pool: { ...pool, roles: ["web"] } });
    const roles = (name: string) => (name === "web2" ? ["worker"] : ["web"]);
    const made = deploy({ ...config, hosts: names.map((name) => hostOf(name, roles(name))) });
    expect(made.stages.find(({ name }) => name === "canary")?.steps[1]?.hosts).toEqual(["web3", "web4"]);
    expect(made.maxUnavailable).toBe(2);
  });

  test("a reviewer reads who is tried out on, how long and by what", () => {
    const made = deploy(canary({ check: "bin/canary", others: "hold" }, { pool }));
    expect(made.headline).toBe("4f2a91c to 4 hosts of production: switch, 10 min soak, held there");
    const text = renderPlanText(made);
    expect(text).toContain(`  web2           every role  ${old}  ${minted}  canary\n`);
    expect(text).toContain(`  web3           every role  ${old}  ${old}\n`);
    expect(text).toContain(
      "In one wave: at most 1 of 4 hosts away at once; web1, web3 and web4 stay as they are, until a person says\n",
    );
    expect(text).toContain(
      "soak on web2: for 10 min, every 10 s: its check exits 0; it is healthy with the release's id; no more than 1 % more of its requests fail than of the others', as the balancers count; or all go back. What cannot be told holds it for a person\n       $ bin/canary\n",
    );
    const page = renderPlanMarkdown(made);
    expect(page).toMatch(/\| \*\*web3\*\* \| `0a1b2c3` .* \| the same \|/);
    expect(page).toMatch(/\| \d soak \| web2 \| `bin\/canary` for 10 min/);
    expect(page).toContain('["soak<br>1 host"]');
    expect(deploy(canary({ soak: 1 })).digest).not.toBe(deploy(canary()).digest);
  });

  test("who is named must be there", () => {
    const config = canary({ hosts: { names: ["web9"] } });
    expect(deploy(config).problems.map(({ code }) => code)).toEqual(["canary-missing"]);
  });

  test("only a new release is tried out", () => {
    const found = facts.map((host) => ({ ...host, releases: [...host.releases, newRelease("good")] }));
    const back = plan(canary(), found, { kind: "rollback" });
    expect(short(back)).not.toContain("soak");
    expect(back.stages.filter(({ kind }) => kind === "wave").length).toBe(4);
  });
});

describe("a release that is held", () => {
  test("goes on with the same commit: no second soak, all hosts, and it says so", () => {
    const made = deploy(canary({ others: "hold" }), holding);
    expect(made.release).toBe(minted);
    expect(short(made)).toBe(
      "canary: switch web2 | 1: switch web3 | 2: switch web4 | 3: switch web1 | finish: finish web1+web2+web3+web4",
    );
    expect(made.warnings).toContain(
      `web2 has held ${minted} since 2026-11-30T10:00:00Z, by org/shop/7: this deploy goes on with it, and asks no more`,
    );
    expect(comparePlans(deploy(canary({ others: "hold" })), made)).toEqual(["the steps changed"]);
  });

  test("is ended by another commit, which is tried out itself", () => {
    const made = plan(
      canary(),
      holding,
      deployRequest({ commit: "c".repeat(40), release: "20261122T000000Z-ccccccc" }),
    );
    expect(short(made)).toMatch(/^canary: switch web2,soak web2 \| /);
    expect(made.warnings.join()).toContain("this deploy ends that, with 20261122T000000Z-ccccccc");
    expect(made.hosts.find(({ host }) => host === "web2")?.back).toBe(old);
  });

  test("goes back by a rollback or a reconcile, which touch nobody else", () => {
    for (const request of [{ kind: "rollback" } as const, reconcileRequest()]) {
      const made = plan(canary(), holding, request);
      expect([made.release, made.problems, short(made)]).toEqual([
        old,
        [],
        "canary: switch web2 | finish: finish web2",
      ]);
    }
  });

  test("is told by status with both commands; a mark beside another release is of the past", () => {
    const config = canary();
    expect(renderFactsText(holding, config)).toContain(
      `! web2 has held ${minted} since 2026-11-30T10:00:00Z, by org/shop/7: to go on, from the same commit, \`deploy run --environment production\`; to go back, \`deploy rollback --environment production\`\n`,
    );
    const past = facts.map((host) => ({ ...host, held }));
    expect(renderFactsText(past, config)).not.toContain("has held");
  });
});

describe("the result held", () => {
  const made = deploy(canary({ others: "hold" }));
  const live = (release: string) => names.map((host) => ({ host, release: host === "web2" ? release : old }));
  const facts = { plan: made, outcomes: allOk(made), live: live(minted), cancelled: false };

  test("is neither success nor failure, and ends with two commands", () => {
    const report = makeReport({ ...facts, dryRun: false, timings: { total: 1 } });
    expect([report.result, report.exitCode, report.changed]).toEqual(["held", 6, true]);
    expect(report.next).toEqual([
      "Look at the hosts that serve it. To go on, to all hosts, from the same commit:",
      "deploy run --environment production",
      "To go back:",
      "deploy rollback --environment production",
    ]);
    expect(renderReportMarkdown(report)).toContain(
      "### ✋ Held: `4f2a91c` is on some hosts of production, until a person says · shop\n",
    );
    expect(renderReportMarkdown(report)).toContain("Run the rollback workflow");
  });

  test("needs that they serve it, and that all others serve what they did", () => {
    expect(decideResult(facts)).toBe("held");
    expect(decideResult({ ...facts, live: live(old) })).toBe("attention");
    expect(decideResult({ ...facts, live: names.map((host) => ({ host, release: minted })) })).toBe(
      "attention",
    );
    const unmarked = facts.outcomes.map((one) =>
      one.step === "hold" ? { ...one, status: "failed" as const } : one,
    );
    expect(decideResult({ ...facts, outcomes: unmarked })).toBe("attention");
  });

  test("also where a later wave failed and went back, but not where that failed", () => {
    const config = canary({}, { onFailure: "hold" });
    const rolled = deploy(config);
    const [switched, unhealthy] = [
      outcomeOf("web3", "switch", "ok", { id: "switch-2" }),
      outcomeOf("web3", "health", "failed", { id: "health-2" }),
    ];
    const first = allOk(rolled).filter(({ host }) => host === "web2");
    const back = (status: "ok" | "failed") => outcomeOf("web3", "revert", status, { undoes: ["switch-2"] });
    const run = (status: "ok" | "failed") =>
      decideResult({
        plan: rolled,
        outcomes: [...first, switched, unhealthy, back(status), outcomeOf("web2", "hold")],
        live: live(minted),
        cancelled: false,
      });
    expect([run("ok"), run("failed")]).toEqual(["held", "attention"]);
    expect(renderPlanText(rolled)).toContain(
      "where a wave fails, those before it stay as they are, until a person says",
    );
  });
});
