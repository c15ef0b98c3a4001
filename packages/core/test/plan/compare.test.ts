import { comparePlans, type Plan, plan } from "@deploy/core";
import { describe, expect, test } from "@jest/globals";
import {
  artifact,
  configOf,
  deployPlan,
  deployRequest,
  fleetOf,
  fullConfig,
  hostOf,
  lostHost,
  minted,
  newRelease,
  old,
  older,
  reachedHost,
  reconcileRequest,
  releaseOf,
  serving,
} from "../fixtures.ts";

const approved = deployPlan(fullConfig());
const again = (facts = fleetOf(), config = fullConfig(), changes = {}): Plan =>
  plan(config, facts, deployRequest({ release: minted, ...changes }));

describe("what became different since the approval", () => {
  test("nothing, where nothing changed", () => {
    expect(comparePlans(approved, again())).toEqual([]);
  });

  test("the release live on a host", () => {
    const facts = [
      reachedHost("web1"),
      serving("web2", older, [releaseOf(older)]),
      reachedHost("web3", { current: { kind: "none" } }),
    ];
    expect(comparePlans(approved, again(facts))).toEqual([
      `the release live on web2 changed from ${old} to ${older}`,
      `the release live on web3 changed from ${old} to nothing`,
    ]);
  });

  test("a host that serves the approved release by now is an interrupted run of this plan", () => {
    const facts = [serving("web1", minted, [releaseOf(old), newRelease("active")]), ...fleetOf().slice(1)];
    expect(comparePlans(approved, again(facts))).toEqual([]);
    const done = ["web1", "web2", "web3"].map((name) => serving(name, minted, [newRelease("good")]));
    expect(comparePlans(approved, again(done))).toEqual([]);
  });

  test("artifact, commit, steps, hosts, removals, words", () => {
    const config = configOf({
      environment: "staging",
      leader: "web2",
      deployTo: "/srv/shop",
      shared: { directories: [], files: [] },
      keepReleases: 2,
      hosts: [{ ...hostOf("web2", ["web"]), address: "10.0.0.2" }, hostOf("web4")],
    });
    const facts = [reachedHost("web2"), reachedHost("web4")];
    const fresh = again(facts, config, { commit: "", artifact: { ...artifact, files: 1 } });
    expect(comparePlans(approved, fresh)).toEqual([
      "environment changed from production to staging",
      "deploy-to changed from /var/www/shop to /srv/shop",
      `commit changed from ${approved.commit} to nothing`,
      "leader changed from web1 to web2",
      "web1 is no longer a host of this environment",
      "web3 is no longer a host of this environment",
      "the address of web2 changed from web2 to 10.0.0.2",
      `release ${older} would be removed from web2 too`,
      "web4 is a new host",
      "the artifact changed",
      "the shared files and folders changed",
      "the steps changed",
    ]);
  });

  test("fewer removals are no difference", () => {
    const before = plan(configOf({ keepReleases: 2 }), fleetOf(), deployRequest());
    const after = plan(
      configOf({ keepReleases: 2 }),
      fleetOf({ releases: [releaseOf(old)] }),
      deployRequest(),
    );
    expect(comparePlans(before, after)).toEqual([]);
  });
});

describe("of a reconcile, since the approval", () => {
  const done = (host: string) => serving(host, minted, [releaseOf(old), newRelease("good")]);
  const whole = (host: string) => reachedHost(host, { releases: [releaseOf(old), newRelease("ready")] });
  const fresh = (host: string) => reachedHost(host, { current: { kind: "none" }, releases: [] });
  const reconcile = (facts: Parameters<typeof plan>[1], config = fullConfig()): Plan =>
    plan(config, facts, reconcileRequest({ artifact }));
  const before = reconcile([done("web1"), whole("web2"), fresh("web3")]);

  test("fewer hosts are left: an interrupted run of this plan brought them there", () => {
    expect(comparePlans(before, reconcile([done("web1"), done("web2"), fresh("web3")]))).toEqual([]);
    expect(
      comparePlans(
        before,
        reconcile([done("web1"), whole("web2"), { ...whole("web3"), current: { kind: "none" } }]),
      ),
    ).toEqual([]);
    expect(comparePlans(before, reconcile(["web1", "web2", "web3"].map(done)))).toEqual([]);
  });

  test("another host is late, or has to be sent the release", () => {
    expect(comparePlans(before, reconcile([done("web1"), fresh("web2"), fresh("web3")]))).toEqual([
      `the release live on web2 changed from ${old} to nothing`,
      "the steps changed",
    ]);
    const less = reconcile([done("web1"), done("web2"), fresh("web3")]);
    expect(comparePlans(less, before)).toEqual([
      `the release live on web2 changed from ${minted} to ${old}`,
      "the steps changed",
    ]);
  });

  test("a proof is gone", () => {
    const { health: _, ...activate } = fullConfig().activate;
    const unproved = reconcile([done("web1"), done("web2"), fresh("web3")], fullConfig({ activate }));
    expect(comparePlans(before, unproved)).toEqual(["the steps changed"]);
  });

  test("a host came into reach, or left it", () => {
    const without = reconcile([done("web1"), whole("web2"), lostHost("web3")]);
    expect(comparePlans(without, before)).toEqual([
      "web3 can be reached now",
      "the artifact changed",
      "the steps changed",
    ]);
    expect(comparePlans(before, without)).toEqual(["web3 can no longer be reached"]);
  });
});
