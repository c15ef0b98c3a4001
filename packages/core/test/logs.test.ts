import { expect, test } from "@jest/globals";
import { logsOn, parseConfig } from "../src/index.ts";

const hosts = '["ada@web1 roles=web", "ada@jobs1 roles=worker"]';
const read = (more: string) => {
  const config = parseConfig(
    `app: shop\ndeploy-to: ~/shop\n${more}\nenvironments: { production: { hosts: ${hosts} } }\n`,
    { file: "deploy.yml" },
  );
  return logsOn(config, config.hosts).map(({ host, source, label }) => [
    host,
    source === "known" ? source : "unit" in source ? `${source.unit} ${source.user}` : source.file,
    label,
  ]);
};

test("what the config names, by role; a label only where a host has several", () => {
  expect(read("logs: [{ file: shared/log/app.log }, { file: /var/log/web.log, roles: [web] }]")).toEqual([
    ["web1", "shared/log/app.log", "app.log"],
    ["web1", "/var/log/web.log", "web.log"],
    ["jobs1", "shared/log/app.log", ""],
  ]);
});

test("else the units of services, of the login's own systemd or the machine's; else files that are known", () => {
  const services =
    "activate: { service: [{ kind: systemd, unit: shop.service, roles: [web] }, { kind: systemd-user, unit: own.service, roles: [web] }] }";
  expect(read(services)).toEqual([
    ["web1", "shop.service false", "shop"],
    ["web1", "own.service true", "own"],
    ["jobs1", "known", ""],
  ]);
});

test.each(["../x", "/", "shared/log/", "-n", "a//b"])("the file %j is refused", (file) => {
  expect(() => read(`logs: [{ file: ${JSON.stringify(file)} }]`)).toThrow(/logs/);
});
