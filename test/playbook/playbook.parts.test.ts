import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { needs } from "@deploy/testkit";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { openStage, type Stage } from "./stage.ts";

const site = `server {
  listen 127.0.0.1:8080;
  location / { return 200 "{{ answer }} of {{ deploy_app }} in {{ deploy_environment }} by {{ inventory_hostname }}\\n"; }
}
`;
const playbook = `
- hosts: web
  gather_facts: true
  tasks:
    - name: Install the site
      ansible.builtin.template: { src: site.conf.j2, dest: /etc/nginx/conf.d/shop.conf, mode: "0644" }
      notify: Reload nginx
    - name: Keep a page
      ansible.builtin.copy: { src: files/page, dest: /srv/page }
  handlers:
    - name: Reload nginx
      ansible.builtin.command: systemctl reload-or-restart nginx.service
`;
const run = ["run", "--yes"];

needs(
  "sshd",
  "ip",
  "systemctl",
  "nginx",
  "ansible-playbook",
)("a playbook that changes nginx on real hosts", () => {
  let stage: Stage;
  const answers = () => stage.everywhere("curl -s http://127.0.0.1:8080/; cat /srv/shop/current/page");
  const releases = () => stage.everywhere("cat /srv/shop/current/page 2>/dev/null");
  beforeAll(async () => {
    stage = await openStage({ VAULT: "between us" });
    stage.write("ansible/site.yml", playbook);
    stage.write("ansible/site.conf.j2", site);
    stage.write("ansible/files/page", "a page\n");
    stage.write("ansible/group_vars/all.yml", "answer: one\n");
    stage.configure({ file: "ansible/site.yml", check: true, diff: true });
    await stage.everywhere("rm -f /etc/nginx/sites-enabled/*; systemctl start nginx");
  });
  afterAll(() => stage?.close());

  test("in check mode the plan says what would change, and nothing does", async () => {
    const { code, out } = await stage.deploy("plan");
    expect([code, out]).toEqual([0, expect.stringContaining("Ansible's check mode: 4 changes on 2 hosts\n")]);
    expect(out).toContain("  web1: Install the site (changed)\n");
    expect(out).toContain('return 200 "one of shop in production by web2\\n"');
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
    expect([one, two]).toEqual([
      "one of shop in production by web1\n2",
      "one of shop in production by web2\n2",
    ]);
    expect(three).toBe("2");
    expect(out).toContain("changed: Install the site, Keep a page, Reload nginx");
    expect(out).toContain("web3");
    expect(out).toContain("no task is for it");
  });

  test("what is as it shall be is left alone", async () => {
    const { code, out } = await stage.deploy(...run);
    expect([code, out]).toEqual([0, expect.stringContaining("Ansible's check mode: nothing changes\n")]);
    expect(out).toContain("nothing to change");
  });

  test("a dry run looks, and changes nothing", async () => {
    stage.write("ansible/group_vars/all.yml", "answer: two\n");
    const { code, out } = await stage.deploy(...run, "--dry-run");
    expect([code, out]).toEqual([0, expect.stringContaining("would change: Install the site")]);
    expect((await answers())[0]).toBe("one of shop in production by web1\n3");
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
    expect((await answers())[0]).toContain("two of shop");
    expect(out).toContain("what it changes stays, also where the servers go back");
    await stage.fleet.hosts[1]?.exec([
      "sh",
      "-c",
      "rm /etc/nginx/conf.d; mv /etc/nginx/away /etc/nginx/conf.d",
    ]);
    expect((await stage.deploy(...run)).code).toBe(0);
    expect((await answers())[1]).toContain("two of shop");
  });

  test("a rollback runs no playbook", async () => {
    const { code, out } = await stage.deploy("rollback", "--yes");
    expect([code, out.includes("playbook")]).toEqual([0, false]);
    expect((await answers())[0]).toContain("two of shop");
  });

  test("a vault is opened by a password that no file and no argument holds", async () => {
    const secret = join(stage.fleet.hosts[0]?.files ?? "", "vault");
    writeFileSync(secret, "between us");
    const encrypted = execFileSync(
      "ansible-vault",
      ["encrypt_string", "--vault-password-file", secret, "--name", "answer", "three"],
      {
        encoding: "utf8",
      },
    );
    stage.write("ansible/group_vars/all.yml", encrypted);
    stage.configure({ file: "ansible/site.yml", "vault-secret": "VAULT" });
    const { code, out } = await stage.deploy(...run);
    expect([code, code === 0 ? "" : out]).toEqual([0, ""]);
    expect((await answers())[0]).toContain("three of shop");
    expect(out).not.toContain("three of shop");
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
});
