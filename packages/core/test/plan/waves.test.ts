import {
  type Config,
  comparePlans,
  credentialsOf,
  type Facts,
  type Pool,
  plan,
  type ReachedHost,
  renderPlanMarkdown,
  renderPlanText,
} from "@deploy/core";
import { describe, expect, test } from "@jest/globals";
import {
  artifact,
  configOf,
  deployPlan,
  deployRequest,
  fullConfig,
  hostOf,
  minted,
  newRelease,
  old,
  older,
  reachedHost,
  reconcileRequest,
  releaseOf,
  serving,
} from "../fixtures.ts";

const names = ["web1", "web2", "web3", "web4"];
const facts = names.map((name) => reachedHost(name));
type Rolling = NonNullable<Config["activate"]["rolling"]>;

function rolling(changes: Partial<Rolling> = {}, more: Partial<Config> = {}): Config {
  const { health } = fullConfig().activate;
  if (health === undefined) throw new Error("the full config proves health");
  const settings = {
    maxUnavailable: { hosts: 1, percent: undefined },
    order: "late-first",
    ...changes,
  } as const;
  return configOf({
    hosts: names.map((name) => hostOf(name)),
    activate: { strategy: "rolling", rolling: settings, reload: [], health: { ...health, roles: [] } },
    ...more,
  });
}
const share = (percent: number): Partial<Rolling> => ({ maxUnavailable: { hosts: undefined, percent } });
const some = (hosts: number): Partial<Rolling> => ({ maxUnavailable: { hosts, percent: undefined } });

/** `web1+web2 | web3`: who switches when. */
function order(config: Config, found: readonly Facts[] = facts): string {
  return plan(config, found, deployRequest())
    .stages.filter(({ kind }) => kind === "wave")
    .map(({ steps }) => steps[0]?.hosts.join("+"))
    .join(" | ");
}

describe("rolling", () => {
  test.each<[Partial<Rolling>, string]>([
    [{}, "web2 | web3 | web4 | web1"],
    [{ order: "listed" }, "web1 | web2 | web3 | web4"],
    [some(3), "web2+web3+web4 | web1"],
    [some(9), "web2+web3+web4+web1"],
    [share(74), "web2+web3 | web4+web1"],
    [share(24), "web2 | web3 | web4 | web1"],
    [share(1), "web2 | web3 | web4 | web1"],
    [share(100), "web2+web3+web4+web1"],
  ])("%j: %s", (changes, waves) => {
    expect(order(rolling(changes))).toBe(waves);
  });

  test("who is behind goes first, where it does not go as listed", () => {
    const found = [...facts.slice(0, 3), serving("web4", older, [releaseOf(older)])];
    expect(order(rolling(some(2)), found)).toBe("web4+web2 | web3+web1");
    expect(order(rolling({ ...some(2), order: "listed" }), found)).toBe("web1+web2 | web3+web4");
  });

  test("each wave has its own steps, all before and after are of the whole fleet", () => {
    const { stages, maxUnavailable } = plan(rolling(some(3)), facts, deployRequest());
    expect(maxUnavailable).toBe(3);
    expect(stages.map(({ kind, name, steps }) => [kind, name, steps.map(({ id }) => id)])).toEqual([
      ["prepare", undefined, ["upload"]],
      ["wave", "1", ["switch-1", "health-1"]],
      ["wave", "2", ["switch-2", "health-2"]],
      ["finish", undefined, ["finish"]],
    ]);
    expect(stages.at(-1)?.steps[0]?.hosts).toEqual(names);
  });

  test("a reviewer reads which host goes when", () => {
    const made = plan(rolling(some(3)), facts, deployRequest());
    expect(made.headline).toBe("4f2a91c to 4 hosts of production: switch in 2 waves");
    expect(renderPlanText(made)).toContain(`Hosts, in /var/www/shop, as deploy
  host           roles       now                       then                      wave
  web1 (leader)  every role  ${old}  ${minted}  2
  web2           every role  ${old}  ${minted}  1
  web3           every role  ${old}  ${minted}  1
  web4           every role  ${old}  ${minted}  1
In 2 waves, one after the other: at most 3 of 4 hosts away at once
`);
    const page = renderPlanMarkdown(made);
    expect(page).toContain("| host | live now (UTC) | will be | wave |\n");
    expect(page).toContain("| **web1** leader | `0a1b2c3` 20 Nov 2026 10:10 | `4f2a91c` | 2 |\n");
    expect(page).toContain(`  s0["upload<br>4 hosts"]
  subgraph w1["wave 1"]
    s1["switch<br>3 hosts"]
    s2["health<br>3 hosts"]
  end
  subgraph w2["wave 2"]
    s3["switch<br>1 host"]
    s4["health<br>1 host"]
  end
  s5["finish<br>4 hosts"]
`);
  });

  test("says what nobody promised, or proves", () => {
    const migrate = fullConfig().migrate ?? { run: "", onCancel: "keep", grace: 1, silence: 1 };
    const warnings = (config: Config, found = facts) => plan(config, found, deployRequest()).warnings;
    expect(warnings(rolling({}, { migrate }))).toEqual([expect.stringContaining("migrate.compatible: true")]);
    const promised = plan(rolling({}, { migrate: { ...migrate, compatible: true } }), facts, deployRequest());
    expect(promised.warnings).toEqual([]);
    expect(renderPlanText(promised)).toContain("; the release before is said to work with it; ");
    const activate = { strategy: "rolling", reload: [] } as const;
    expect(warnings(rolling({}, { activate }))).toEqual([expect.stringContaining("no `activate.health`")]);
    // Where all switch together there is no time between.
    expect(
      warnings(rolling(some(4), { migrate, activate: { ...activate, rolling: undefined } as never })).length,
    ).toBe(2);
    expect(warnings(rolling(some(4), { migrate }))).toEqual([]);
  });

  test("together stays as it was: one wave without a number, and nothing about waves", () => {
    const made = deployPlan();
    expect(made.stages.filter(({ kind }) => kind === "wave").map(({ name }) => name)).toEqual(["all"]);
    expect(made).not.toHaveProperty("maxUnavailable");
    expect(renderPlanText(made)).not.toContain("wave");
  });
});

describe("waves that were approved", () => {
  const again = (config: Config, found: readonly Facts[]) =>
    plan(config, found, deployRequest({ release: minted }));
  const late = serving("web4", older, [releaseOf(older), newRelease("ready")]);
  const begun = [...facts.slice(0, 3), late];
  const on = (name: string) => serving(name, minted, [releaseOf(old), newRelease("active")]);

  test("who switched in a run that was cut changes nothing for the others", () => {
    const config = rolling(some(2));
    const approved = again(config, begun);
    for (const done of [["web4"], ["web2"], ["web4", "web2"], ["web4", "web2", "web3"]]) {
      const found = begun.map((host) => (done.includes(host.host) ? on(host.host) : host));
      expect([done, comparePlans(approved, again(config, found))]).toEqual([done, []]);
    }
  });

  test("another order, or more at once, is another plan", () => {
    const approved = again(rolling(), facts);
    expect(comparePlans(approved, again(rolling({ order: "listed" }), facts))).toEqual([
      "the order in which hosts switch changed",
    ]);
    expect(comparePlans(approved, again(rolling(some(2)), facts))).toEqual([
      "how many hosts may be away at once changed",
    ]);
    expect(again(rolling(some(2)), facts).digest).not.toBe(approved.digest);
  });

  test("of a reconcile: who followed meanwhile gives its place to the next", () => {
    const config = rolling(some(2));
    const good = (name: string) => serving(name, minted, [releaseOf(old), newRelease("good")]);
    const whole = (name: string) => reachedHost(name, { releases: [releaseOf(old), newRelease("ready")] });
    const reconcile = (found: readonly Facts[]) => plan(config, found, reconcileRequest({ artifact }));
    const approved = reconcile([good("web1"), whole("web2"), whole("web3"), whole("web4")]);
    expect(approved.stages.filter(({ kind }) => kind === "wave").length).toBe(2);
    const less = reconcile([good("web1"), good("web2"), whole("web3"), whole("web4")]);
    expect(comparePlans(approved, less)).toEqual([]);
  });
});

describe("a pool that hosts leave in turn", () => {
  const pool = {
    kind: "file",
    path: "drain",
    outWhile: "present",
    settle: 10_000,
    lease: false,
    within: 30_000,
    roles: [],
  } as const;
  const pooled = (more: Partial<Rolling> = {}) => {
    const config = rolling(more);
    return { ...config, activate: { ...config.activate, pool } };
  };

  test("is left before the switch and returned to after the proof; one host always stays", () => {
    const made = plan(pooled(some(9)), facts, deployRequest());
    expect(made.stages.map(({ steps }) => steps.map(({ step, hosts }) => `${step} ${hosts.length}`))).toEqual(
      [
        ["upload 4"],
        ["drain 3", "switch 3", "health 3", "return 3"],
        ["drain 1", "switch 1", "health 1", "return 1"],
        ["finish 4"],
      ],
    );
    expect(renderPlanText(made)).toContain(
      "drain on web2, web3 and web4: shared/drain is made, then 10 s for the balancers to notice\n",
    );
  });

  test("of AWS: each wave waits for the deregistration delay, which the reviewer reads, and keys are asked for once", () => {
    const groups = (deregistrationDelay: number) => ({
      ...{ kind: "target-group", groups: ["shop"], region: "eu-central-1", targets: [] },
      ...{ deregistrationDelay, within: 120_000, roles: [] },
    });
    const made = (delay: number, role?: string) => {
      const { activate, ...config } = rolling();
      const pool = { ...groups(delay), ...(role === undefined ? {} : { role }) } as Pool;
      return plan({ ...config, activate: { ...activate, pool } }, facts, deployRequest());
    };
    const text = renderPlanText(made(30_000));
    expect(text).toContain("4 hosts away at once; 4 x 30 s of deregistration delay, 2 min in all\n");
    expect(text).toContain("drain on web2: AWS is told, and drains shop, for 30 s\n");
    expect(text).toContain("return on web2: AWS is told, and proves shop\n");
    expect(made(60_000).warnings).toEqual([]);
    expect(made(300_000).warnings).toEqual([
      expect.stringContaining("waits for 5 min of deregistration delay"),
    ]);
    const use = "the pool's target groups";
    expect(credentialsOf(made(1000))).toEqual([{ name: "aws-keys", use }]);
    expect(credentialsOf(made(1000, "arn:aws:iam::123456789012:role/deploy"))).toEqual([
      { name: "id-token", use },
    ]);
  });

  test("is not left where all switch together, and cannot be by the only host", () => {
    const { activate } = pooled();
    const made = plan(
      configOf({ activate: { ...activate, strategy: "all" } }),
      facts.slice(0, 3),
      deployRequest(),
    );
    expect(made.stages.flatMap(({ steps }) => steps.map(({ step }) => step))).not.toContain("drain");
    const alone = plan(configOf({ activate, hosts: [hostOf("web1")] }), facts.slice(0, 1), deployRequest());
    expect(alone.problems.map(({ code }) => code)).toEqual(["pool-short"]);
  });

  test("who was left out of it by a run that died goes first, is told of, and is something to do", () => {
    const drained = { by: "org/shop/7", since: "2026-11-30T10:00:00Z" };
    const served = names.map((name) => serving(name, minted, [newRelease("good")]));
    const found = served.map((host) => (host.host === "web4" ? { ...host, drained } : host));
    expect(plan(pooled(), served, deployRequest()).changed).toBe(false);
    const made = plan(pooled(), found, deployRequest());
    expect([made.changed, made.release, order(pooled(), found)]).toEqual([
      true,
      minted,
      "web4 | web2 | web3 | web1",
    ]);
    expect(made.warnings[0]).toContain("web4 was taken out of the pool by org/shop/7");
    const late = plan(pooled(), found, reconcileRequest()).stages.filter(({ kind }) => kind === "wave");
    expect(late.map(({ steps }) => steps[0]?.hosts)).toEqual([["web4"]]);
  });

  describe("who was taken out of it by somebody else", () => {
    const stands = (standing: Record<string, ReachedHost["standing"]>) =>
      facts.map((host) => {
        const is = standing[host.host];
        return is === undefined ? host : { ...host, standing: is };
      });
    const made = (standing: Record<string, ReachedHost["standing"]>, more: Partial<Rolling> = {}) =>
      plan(pooled(more), stands(standing), deployRequest());

    test("counts before anything is touched, and is told of", () => {
      const { problems, warnings } = made({ web1: "in", web2: "in", web3: "out", web4: "in" });
      expect(problems.map(({ code, message }) => [code, message])).toEqual([
        ["pool-short", "without web2 only 2 of 4 would serve, and 3 must: not in the pool are web3 (out)"],
      ]);
      expect(warnings[0]).toBe(
        "web3 is out in the pool, by nothing of ours: it counts as away, and is not returned",
      );
      expect(made({ web3: "out" }, some(2)).problems.map(({ message }) => message)).toEqual([
        "without web1 and web4 only 1 of 4 would serve, and 2 must: not in the pool are web3 (out)",
      ]);
      expect(made({ web3: "mixed" }, { ...some(2), order: "listed" }).problems.length).toBe(1);
    });

    test("is no other plan: who is not healthy may be when the next wave begins, and who is unread is read again", () => {
      expect(made({ web2: "down" }).problems).toEqual([]);
      expect(made({ web4: "down" }).problems.length).toBe(1);
      expect(made({ web2: "down", web3: "down", web4: "down", web1: "down" }).problems).toEqual([]);
      const unread = made({ web2: "unread" });
      expect([unread.problems, unread.digest]).toEqual([[], made({}).digest]);
      expect(unread.warnings[0]).toContain("where web2 stands in the pool could not be read");
    });
  });

  test("who left in a run that was cut changes nothing for the others", () => {
    const config = pooled(some(2));
    const approved = plan(config, facts, deployRequest({ release: minted }));
    const drained = { by: "org/shop/7", since: "" };
    const found = facts.map((host) => (host.host === "web3" ? { ...host, drained } : host));
    expect(comparePlans(approved, plan(config, found, deployRequest({ release: minted })))).toEqual([]);
  });
});
