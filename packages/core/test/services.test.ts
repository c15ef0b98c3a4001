import { expect, test } from "@jest/globals";
import { kindOf, stepsNamed } from "../src/index.ts";
import { parse } from "./config/helpers.ts";
import { deployPlan, fleetOf } from "./fixtures.ts";

const fleet = (service: string) => `app: shop
deploy-to: /srv/shop
username: deploy
environments:
  production:
    hosts:
      - { address: web1, roles: [web] }
      - { address: web2, roles: [worker] }
activate:
  service: ${service}
  reload: [echo done]
`;

const planned = (service: string) => deployPlan(parse(fleet(service)) as never, fleetOf());
const named = (service: string, step: "prepare" | "reload") =>
  stepsNamed(planned(service), step).map((one) => [
    kindOf(one).words(one, planned(service)),
    kindOf(one).commands?.(one),
    one.hosts,
  ]);

test("a service is looked at and tried where it runs before the switch, and told after it, before the commands", () => {
  const service = "{ kind: gunicorn, unit: shop.service, app: shop.wsgi, roles: [web] }";
  expect(named(service, "prepare")).toEqual([
    ["in the new release folder", ["check of gunicorn shop.service"], ["web1"]],
    ["in the new release folder", ["gunicorn --check-config shop.wsgi"], ["web1"]],
  ]);
  expect(named(service, "reload")).toEqual([
    [
      "gunicorn shop.service, until it serves the release, for at most 30 s",
      ["sudo -n systemctl reload-or-restart shop.service"],
      ["web1"],
    ],
    ["in the live folder", ["echo done"], ["web1", "web2"]],
  ]);
});

test("the user's own test stands for the kind's, and false for none", () => {
  const tests = (test: string) =>
    named(`{ kind: puma, unit: shop.service, test: ${test} }`, "prepare").map(([, commands]) => commands);
  expect(tests("bin/try")).toEqual([["check of puma shop.service"], ["bin/try"]]);
  expect(tests("false")).toEqual([["check of puma shop.service"]]);
});

test("who works off a queue is quieted before the switch, and told last", () => {
  const worker = "{ kind: sidekiq, unit: jobs.service, roles: [worker] }";
  const service = `[${worker}, { kind: puma, unit: shop.service, roles: [web] }]`;
  const steps = planned(service)
    .stages.flatMap((stage) => stage.steps)
    .map(({ id, hosts }) => [id, hosts]);
  expect(steps.filter(([id]) => /quiet|switch|reload/.test(id as string))).toEqual([
    ["quiet", ["web2"]],
    ["switch", ["web1", "web2"]],
    ["reload-1", ["web1"]],
    ["reload-2", ["web1", "web2"]],
    ["reload-3", ["web2"]],
  ]);
  expect(named(service, "reload").map(([words]) => words)).toEqual([
    expect.stringContaining("puma shop.service, until it serves"),
    "in the live folder",
    expect.stringContaining("sidekiq jobs.service, until it serves"),
  ]);
});

test("a server that need not be told is looked at, and nothing is run", () => {
  expect(named("{ kind: php-fpm, told: false }", "prepare").map(([, commands]) => commands)).toEqual([
    ["check of php8.2-fpm.service"],
  ]);
  expect(named("{ kind: nginx }", "reload").map(([, commands]) => commands)).toEqual([["echo done"]]);
});

test.each([
  ["{ kind: gunicorm, unit: shop.service }", "gunicorn"],
  ['{ kind: systemd, unit: "shop.service; reboot" }', "the name of a systemd unit"],
  ["{ kind: systemd, unit: shop.service, roles: [wep] }", "expected a role that a host has"],
  ['{ kind: systemd, unit: "-H.service" }', "the name of a systemd unit"],
  ["{ kind: supervisor, program: 'web$(id)' }", "a name of letters"],
  ["{ kind: pm2, app: web, ecosystem: '/srv/$(id)/e.cjs' }", "an absolute path"],
  ["{ unit: shop.service }", "kind"],
])("%s is refused", (service, reason) => {
  expect(JSON.stringify(parse(fleet(service)))).toContain(reason);
});

test("an address is purged by the leader once, a command where it has its role", () => {
  const text = `${fleet("[]")}  purge: [{ url: "https://cdn.example.com/" }, { run: bin/purge, roles: [worker] }]\n`;
  const plan = deployPlan(parse(text) as never, fleetOf());
  expect(stepsNamed(plan, "purge").map(({ run, hosts }) => [run, hosts])).toEqual([
    ["curl -q -fsS -m 30 -o /dev/null -X PURGE https://cdn.example.com/", ["web1"]],
    ["bin/purge", ["web2"]],
  ]);
});
