import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { needs } from "@deploy/testkit";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { root } from "../../scripts/lib/root.ts";
import { openStage, type Stage } from "./stage.ts";

const example = join(root, "examples/ansible");
const run = ["run", "--yes"];

needs(
  "sshd",
  "ip",
  "systemctl",
  "nginx",
  "ansible-playbook",
)("a playbook that changes nginx on real hosts", () => {
  let stage: Stage;
  const greet = (word: string) => stage.write("ansible/group_vars/all.yml", `greeting: ${word}\n`);
  /** What nginx and the release say on each host. */
  const answers = () =>
    stage.everywhere(
      "curl -s -D - -o /dev/null http://127.0.0.1:8080/ | tr -d '\\r' | sed -n 's/^X-Greeting: //p'; cat /srv/shop/current/public/page",
    );
  const releases = () => stage.everywhere("cat /srv/shop/current/public/page 2>/dev/null");
  beforeAll(async () => {
    stage = await openStage({ VAULT: "between us" });
    for (const path of ["site.yml", "site.conf.j2", "files/sorry.html", "group_vars/all.yml"])
      stage.write(`ansible/${path}`, readFileSync(join(example, "ansible", path), "utf8"));
    greet("one");
    stage.configure({ file: "ansible/site.yml", check: true, diff: true });
    await stage.everywhere("rm -f /etc/nginx/sites-enabled/*; systemctl start nginx");
  });
  afterAll(() => stage?.close());

  test("in check mode the plan says what would change, and nothing does", async () => {
    const { code, out } = await stage.deploy("plan");
    expect([code, out]).toEqual([0, expect.stringContaining("Ansible's check mode: 4 changes on 2 hosts\n")]);
    expect(out).toContain("  web1: Install the site (changed)\n");
    expect(out).toContain('X-Greeting "one from web2"');
    expect(out).toContain("1. upload");
    expect(out).toMatch(/\d\. playbook on all 3 hosts: ansible\/site\.yml of the release, by Ansible/);
    expect(await stage.everywhere("ls /etc/nginx/conf.d /srv")).toEqual([
      "/etc/nginx/conf.d:\n\n/srv:",
      "/etc/nginx/conf.d:\n\n/srv:",
      "/etc/nginx/conf.d:\n\n/srv:",
    ]);
  });

  test("the deploy applies it before anybody switches, on hosts of the play alone", async () => {
    const { code, out } = await stage.deploy(...run);
    expect([code, code === 0 ? "" : out]).toEqual([0, ""]);
    const [one, two, three] = await answers();
    expect([one, two]).toEqual(["one from web1\n2", "one from web2\n2"]);
    expect(three).toBe("2");
    expect(out).toContain(
      "changed: Install the site, Keep a page for when nothing else answers, Reload nginx",
    );
    expect(out).toContain("web3");
    expect(out).toContain("no task is for it");
  });

  test("what is as it shall be is left alone", async () => {
    const { code, out } = await stage.deploy(...run);
    expect([code, out]).toEqual([0, expect.stringContaining("Ansible's check mode: nothing changes\n")]);
    expect(out).toContain("nothing to change");
  });

  test("a dry run looks, and changes nothing", async () => {
    greet("two");
    const { code, out } = await stage.deploy(...run, "--dry-run");
    expect([code, out]).toEqual([0, expect.stringContaining("would change: Install the site")]);
    expect((await answers())[0]).toBe("one from web1\n3");
  });

  test("a task that fails on one host stops the deploy before the database and the switch", async () => {
    await stage.fleet.hosts[1]?.exec([
      "sh",
      "-c",
      "mv /etc/nginx/conf.d /etc/nginx/away; touch /etc/nginx/conf.d",
    ]);
    const { code, out, err } = await stage.deploy(...run);
    expect([code, `${out}${err}`]).toEqual([1, expect.stringContaining("playbook-failed")]);
    expect(out).toContain("Install the site failed on web2");
    expect(out).toContain("no server was switched, but the playbook may have changed servers");
    expect(await releases()).toEqual(["3", "3", "3"]);
    // What it did elsewhere stays: the revert's limit, which the plan told.
    expect((await answers())[0]).toContain("two from");
    expect(out).toContain("what it changes stays, also where the servers go back");
    await stage.fleet.hosts[1]?.exec([
      "sh",
      "-c",
      "rm /etc/nginx/conf.d; mv /etc/nginx/away /etc/nginx/conf.d",
    ]);
    expect((await stage.deploy(...run)).code).toBe(0);
    expect((await answers())[1]).toContain("two from");
  });

  test("a rollback runs no playbook", async () => {
    const { code, out } = await stage.deploy("rollback", "--yes");
    expect([code, out.includes("playbook")]).toEqual([0, false]);
    expect((await answers())[0]).toContain("two from");
  });

  test("a vault is opened by a password that no file and no argument holds", async () => {
    const secret = join(stage.fleet.hosts[0]?.files ?? "", "vault");
    writeFileSync(secret, "between us");
    const encrypted = execFileSync(
      "ansible-vault",
      ["encrypt_string", "--vault-password-file", secret, "--name", "greeting", "three"],
      {
        encoding: "utf8",
      },
    );
    stage.write("ansible/group_vars/all.yml", encrypted);
    stage.configure({ file: "ansible/site.yml", "vault-secret": "VAULT" });
    const { code, out } = await stage.deploy(...run);
    expect([code, code === 0 ? "" : out]).toEqual([0, ""]);
    expect((await answers())[0]).toContain("three from");
    expect(out).not.toContain("three from");
    stage.configure({ file: "ansible/site.yml", "vault-secret": "OTHER" });
    const without = await stage.deploy(...run);
    expect([without.code, without.out]).toEqual([1, expect.stringContaining("playbook-failed")]);
  });

  test.each([
    ["of no file", { file: "ansible/other.yml" }, "playbook-missing"],
    ["that no YAML is", { file: "ansible/broken.yml" }, "playbook-failed"],
  ])("a playbook %s is refused, and nobody is switched", async (_, given, code) => {
    stage.write("ansible/broken.yml", "- hosts: [web\n");
    stage.configure(given);
    const before = await releases();
    const ran = await stage.deploy(...run);
    expect([ran.code, `${ran.out}${ran.err}`]).toEqual([1, expect.stringContaining(code)]);
    expect(await releases()).toEqual(before);
  });

  test("Ansible itself reads the inventory", async () => {
    const { code, out } = await stage.deploy("inventory", "--list");
    const program = join(stage.fleet.hosts[0]?.files ?? "", "inventory");
    writeFileSync(program, `#!/bin/sh\ncat <<'end'\n${out}\nend\n`, { mode: 0o755 });
    const read = execFileSync("ansible-inventory", ["-i", program, "--list"], { encoding: "utf8" });
    const { web, worker, _meta } = JSON.parse(read);
    expect([code, web.hosts, worker.hosts]).toEqual([0, ["web1", "web2"], ["web3"]]);
    expect(_meta.hostvars.web1).toMatchObject({
      ansible_user: "root",
      deploy_app: "shop",
      deploy_to: "/srv/shop",
    });
  });
});
