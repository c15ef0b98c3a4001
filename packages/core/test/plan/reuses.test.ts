import { plan, renderPlanText, requirementKey, stepsNamed } from "@deploy/core";
import { expect, test } from "@jest/globals";
import { artifact, configOf, deployRequest, fleetOf, minted } from "../fixtures.ts";

const requirement = { reads: ["package-lock.json"], makes: ["node_modules"] };
const config = configOf({ prepare: [{ run: "npm ci --omit=dev", roles: [], ...requirement }] });
const request = deployRequest({ artifact: { ...artifact, reads: { "package-lock.json": "1".repeat(64) } } });
const before = plan(config, fleetOf(), request);
const wanted = requirementKey(stepsNamed(before, "prepare")[0] as never, before.artifact);

/** Facts in which the first host holds what the command would make. */
function facts(reads = wanted?.reads ?? "", id = "20261110T000000Z-2222222") {
  const [first, ...others] = fleetOf();
  if (first?.reached !== true) throw new Error("no host");
  const since = "20261101T000000Z-1111111";
  const made = [{ key: wanted?.key ?? "", reads, since }];
  const release = { id, state: "good" as const, made };
  return [{ ...first, releases: [...first.releases, release] }, ...others];
}

test("the plan says on which host a command need not run, and since when nothing changed", () => {
  const made = plan(config, facts(), request);
  const { host } = facts()[0] as { host: string };
  expect(made.reuses).toEqual([{ host, run: "npm ci --omit=dev", since: "20261101T000000Z-1111111" }]);
  expect(renderPlanText(made)).toContain(
    `in the new release folder, makes node_modules; ${host}: unchanged since 20261101T000000Z-1111111, reused where tools and environment are the same`,
  );
});

test("it is the same plan: a host decides for itself when it comes to that", () => {
  expect(plan(config, facts(), request).digest).toBe(plan(config, facts(wanted?.key), request).digest);
});

test("other files that are read, an artifact that tells nothing, and the release itself say nothing", () => {
  expect(plan(config, facts("2".repeat(64)), request).reuses).toBeUndefined();
  expect(plan(config, facts(), deployRequest({ artifact })).reuses).toBeUndefined();
  const own = facts(wanted?.reads, minted);
  expect(plan(config, own, { ...request, release: minted }).reuses).toBeUndefined();
});

test.each([
  ["npm ci", ["node --version", "npm --version"]],
  ["bundle install --local", ["ruby --version", "bundle --version"]],
  ["python3 -m pip install --target=packages -r requirements.txt", ["python3 -m pip --version"]],
  ["pip install -r requirements.txt", ["pip --version"]],
  ["BUNDLE_PATH=vendor/bundle bundle install", ["ruby --version", "bundle --version"]],
  ["./install.sh", []],
  ["constructor", []],
])("the tools of `%s`", (run, tools) => {
  const made = plan(configOf({ prepare: [{ run, roles: [], ...requirement }] }), fleetOf(), request);
  expect(stepsNamed(made, "prepare")[0]?.requirement?.tools).toEqual(tools);
});
