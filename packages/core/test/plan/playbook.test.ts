import {
  credentialsOf,
  inventoryList,
  type PlayedTask,
  plan,
  renderPlanMarkdown,
  renderPlanText,
  stepsOf,
} from "@deploy/core";
import { describe, expect, test } from "@jest/globals";
import { around, parse } from "../config/helpers.ts";
import { configOf, deployPlan, fleetOf, hostOf, now, old, releaseOf, serving } from "../fixtures.ts";

const playbook = {
  ...{ file: "ansible/site.yml", roles: ["web"], tags: ["nginx"], check: true, diff: false, timeout: 60_000 },
};
const config = configOf({
  playbook,
  migrate: { run: "bin/migrate", onCancel: "keep", grace: 10_000, silence: 300_000 },
  hosts: [hostOf("web1", ["web"]), hostOf("web2", ["worker"])],
});
const steps = (of = deployPlan(config)) => stepsOf(of);

describe("a playbook in a plan", () => {
  test("comes before the data is touched, on hosts of its roles", () => {
    const names = steps().map(({ step }) => step);
    expect(names.indexOf("playbook")).toBeGreaterThan(names.indexOf("upload"));
    expect(names.indexOf("playbook")).toBeLessThan(names.indexOf("migrate"));
    expect(steps().find(({ step }) => step === "playbook")?.hosts).toEqual(["web1"]);
  });

  test("is another plan with other settings", () => {
    const other = configOf({ ...config, playbook: { ...playbook, tags: [] } });
    expect(deployPlan(other).digest).not.toBe(deployPlan(config).digest);
  });

  test("says what no way back takes back, and is part of the headline", () => {
    const text = renderPlanText(deployPlan(config));
    expect(text).toContain(
      "playbook on web1: ansible/site.yml of the release, by Ansible on the runner; tags nginx; ended after 1 min; what it changes stays, also where the servers go back",
    );
    expect(deployPlan(config).headline).toContain("playbook ansible/site.yml");
  });

  test("asks for the vault's password by the name that the config gives it", () => {
    const vault = configOf({ ...config, playbook: { ...playbook, vaultSecret: "VAULT" } });
    expect(credentialsOf(deployPlan(vault))).toContainEqual({
      name: "vault-password",
      use: "Ansible's vault",
      secret: "VAULT",
    });
    expect(credentialsOf(deployPlan(config))).toEqual([]);
  });

  test("is none of a rollback", () => {
    const facts = fleetOf().map(({ host }) =>
      serving(host, old, [releaseOf(old), releaseOf("20261119T101010Z-9999999")]),
    );
    const back = plan(config, facts, { kind: "rollback", now });
    expect([back.problems, steps(back).map(({ step }) => step)]).toEqual([
      [],
      expect.not.arrayContaining(["playbook"]),
    ]);
  });

  test("is refused on a host without a shell", () => {
    const hosts = [{ ...hostOf("web1", ["web"]), via: "sftp" as const }, hostOf("web2", ["worker"])];
    const { problems } = deployPlan(configOf({ ...config, hosts }));
    expect(problems).toContainEqual(
      expect.objectContaining({ code: "hut-cannot", place: { host: "web1", step: "playbook" } }),
    );
  });
});

describe("what check mode found, for whoever approves", () => {
  const task = (host: string, name: string, more: Partial<PlayedTask> = {}): PlayedTask => ({
    ...{ host, task: name, state: "changed", text: "" },
    ...more,
  });

  test("each change stands under its host, with how it differs", () => {
    const tasks = [
      task("web2", "Two"),
      task("web1", "One", { text: "-a\n+b\n" }),
      task("web1", "Bad", { state: "failed" }),
    ];
    const text = renderPlanText(deployPlan(config), { playbook: { tasks } });
    expect(text).toContain(
      "Ansible's check mode: 3 changes on 2 hosts\n  web1: One (changed)\n       | -a\n       | +b\n  web1: Bad (failed)\n  web2: Two (changed)\n",
    );
    const page = renderPlanMarkdown(deployPlan(config), { playbook: { tasks } });
    expect(page).toContain("- `web1`: One\n- `web1`: Bad **failed**\n- `web2`: Two\n");
    expect(page).toContain("```diff\n-a\n+b\n```");
  });

  test("nothing, and what nobody can tell", () => {
    expect(renderPlanText(deployPlan(config), { playbook: { tasks: [] } })).toContain(
      "check mode: nothing changes\n",
    );
    expect(renderPlanText(deployPlan(config), { playbook: { unknown: "no Ansible here" } })).toContain(
      "What the playbook changes is not known: no Ansible here\n",
    );
    expect(renderPlanText(deployPlan(config))).not.toContain("check mode");
  });

  test("a hostile task is text, and a long difference is cut", () => {
    const text = Array.from({ length: 50 }, (_, line) => `+${line}`).join("\n");
    const tasks = [task("web1", "\u001b[2J</details><script>", { text: `\`\`\`\n${text}` })];
    const page = renderPlanMarkdown(deployPlan(config), { playbook: { tasks } });
    const shown = renderPlanText(deployPlan(config), { playbook: { tasks } });
    expect([page.includes("\n</details><script>"), shown.includes("\u001b"), page.includes("+45")]).toEqual([
      false,
      false,
      false,
    ]);
    expect(shown).toContain("and 11 more lines\n");
  });
});

test("a path alone is a playbook; one that leads out is none, and roles must be somebody's", () => {
  expect(parse(around("playbook: ansible/site.yml"))).toMatchObject({
    playbook: {
      file: "ansible/site.yml",
      roles: [],
      tags: [],
      check: false,
      diff: false,
      timeout: 1_800_000,
    },
  });
  expect(parse(around("playbook: ../site.yml"))).toEqual([
    expect.stringContaining("3:11 playbook: expected a relative path"),
  ]);
  const roles =
    "playbook: { file: a.yml, roles: [db] }\nenvironments: { production: { hosts: [deploy@web1 roles=web] } }\n";
  expect(parse(`app: shop\ndeploy-to: /srv/shop\n${roles}`)).toEqual([
    expect.stringContaining("expected a role that a host has (web)"),
  ]);
});

test("an inventory has a group for each role; a host without roles is in all, one without a shell in none", () => {
  const hosts = [
    hostOf("web1", ["web"]),
    hostOf("all1"),
    { ...hostOf("files", ["web"]), via: "sftp" as const },
  ];
  expect(inventoryList(configOf({ hosts }))).toEqual({
    all: {
      hosts: ["web1", "all1"],
      vars: { deploy_app: "shop", deploy_environment: "production", deploy_to: "/var/www/shop" },
      children: ["web"],
    },
    web: { hosts: ["web1", "all1"] },
    _meta: {
      hostvars: {
        web1: { ansible_host: hosts[0]?.address, ansible_port: 22, ansible_user: "deploy" },
        all1: { ansible_host: hosts[1]?.address, ansible_port: 22, ansible_user: "deploy" },
      },
    },
  });
});
