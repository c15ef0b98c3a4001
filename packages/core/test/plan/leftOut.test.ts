import { comparePlans, type Facts, plan, renderPlanMarkdown, renderPlanText } from "@deploy/core";
import { expect, test } from "@jest/globals";
import {
  artifact,
  commit,
  configOf,
  fullConfig,
  minted,
  newRelease,
  now,
  old,
  reachedHost,
  releaseOf,
  serving,
} from "../fixtures.ts";

const request = { kind: "deploy", now, commit, artifact } as const;
const web3 = "web3";
const without = { hosts: configOf().hosts.filter(({ name }) => name !== web3), without: [web3] };
const facts: readonly Facts[] = ["web1", "web2", web3].map((host) => reachedHost(host));

test("a host that is left out is in nothing of the plan but its name, and the digest covers it", () => {
  const made = plan(fullConfig(without), facts, request);
  expect([made.without, made.hosts.map(({ host }) => host)]).toEqual([[web3], ["web1", "web2"]]);
  expect(JSON.stringify(made.stages)).not.toContain(web3);
  expect(made.headline).toContain("to 2 hosts of production, without web3: ");
  expect(made.warnings).toEqual([expect.stringContaining("left out by name: web3")]);
  expect(renderPlanText(made)).toMatch(/web3 +not asked +left out/);
  expect(renderPlanMarkdown(made)).toContain("| **web3** | every role | **not asked** | left out |");
  const { without: _, ...fewer } = without;
  const other = plan(fullConfig(fewer), facts, request);
  expect(other.digest).not.toBe(made.digest);
  expect(comparePlans(other, made)).toEqual(["which hosts are left out changed"]);
});

test("a release that was prepared for all is not the one that leaves a host out: its record would not say so", () => {
  const ready = facts.map(({ host }) =>
    reachedHost(host, { releases: [releaseOf(old), newRelease("ready", "20261121T080000Z-4f2a91c")] }),
  );
  expect(plan(configOf(), ready, request).release).toBe("20261121T080000Z-4f2a91c");
  expect(plan(configOf(without), ready, request).release).toBe(minted);
});

test("who was left out and is behind is known from what the others serve", () => {
  const release = { ...newRelease("good"), without: [web3, "gone"] };
  const others = ["web1", "web2"].map((host) => serving(host, minted, [releaseOf(old), release]));
  const warnings = (last: Facts) => plan(configOf(), [...others, last], request).warnings;
  const words = `web3 was left out when ${minted} was deployed, and is behind: it`;
  expect(warnings(reachedHost(web3))[0]).toBe(`${words} serves ${old}`);
  expect(warnings(serving(web3, minted, [release]))).toEqual([]);
});
