import { type Config, plan, renderPlanMarkdown, renderPlanText, stepsOf } from "@deploy/core";
import { expect, test } from "@jest/globals";
import { configOf, deployPlan, fleetOf, hostOf, now, reachedHost } from "../fixtures.ts";

type Configure = NonNullable<Config["configure"]>;
const site = {
  kind: "nginx",
  from: "config/nginx.conf",
  to: "/etc/nginx/conf.d/shop.conf",
  roles: [],
} as const;

function config(
  changes: Partial<Configure["files"][number]> = {},
  drift: Configure["drift"] = "stop",
): Config {
  return configOf({ configure: { files: [{ ...site, level: "apply", ...changes }], drift } });
}

test("files are tried before anybody switches, and change between switch and reload", () => {
  const { stages } = deployPlan({
    ...config(),
    activate: { strategy: "all", reload: [{ run: "true", roles: [] }] },
  });
  expect(stages.map(({ steps }) => steps.map(({ step }) => step))).toEqual([
    ["upload", "test"],
    ["switch", "configure", "reload"],
    ["finish"],
  ]);
});

test("what root does is named to whoever approves, and another place or hand is another plan", () => {
  const approved = deployPlan(config());
  for (const page of [renderPlanText(approved), renderPlanMarkdown(approved)]) {
    expect(page).toContain("sudo -n /usr/local/sbin/configure-shop-production apply");
    expect(page).toContain("/etc/nginx/conf.d/shop.conf");
  }
  const digests = [
    {},
    { to: "/etc/nginx/conf.d/other.conf" },
    { level: "check" } as const,
    { roles: ["web"] },
  ]
    .map((changes) => deployPlan(config(changes)).digest)
    .concat(deployPlan(config({}, "overwrite")).digest);
  expect(new Set(digests).size).toBe(5);
});

test("only hosts with its role get a file; a rollback tries none", () => {
  const hosts = [hostOf("web1", ["web"]), hostOf("web2", ["db"])];
  const asked = { ...config({ roles: ["web"] }), hosts };
  const facts = hosts.map(({ name }) => reachedHost(name));
  const named = stepsOf(deployPlan(asked, facts)).filter(({ step }) => step === "configure");
  expect(named.map((step) => step.hosts)).toEqual([["web1"]]);
  const back = plan(config(), fleetOf(), { kind: "rollback", now });
  expect(stepsOf(back).map(({ step }) => step)).toEqual(["switch", "configure", "finish"]);
});

test.each([
  ["check", "stop", 0, 1],
  ["user", "stop", 1, 0],
  ["apply", "overwrite", 0, 1],
] as const)("a file changed by hand, at level %s with drift %s", (level, drift, problems, warnings) => {
  const fact = { to: site.to, state: "differs", lines: 2, shown: ["> by hand"] } as const;
  const facts = fleetOf({ configured: [fact, { ...fact, to: "/etc/other" }] });
  const made = deployPlan(config({ level }, drift), facts);
  expect([made.problems.length, made.warnings.length]).toEqual([
    problems * facts.length,
    warnings * facts.length,
  ]);
  expect([...made.problems.map(({ message }) => message), ...made.warnings][0]).toContain(
    "2 lines): > by hand",
  );
});
