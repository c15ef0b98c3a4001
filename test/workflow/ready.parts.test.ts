import { once } from "node:events";
import { existsSync, readFileSync, realpathSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { hostTree, needs } from "@deploy/testkit";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { openSite, type Site } from "./site.ts";

const workflow = ".github/workflows/promote.yml";

/** A chat's webhook, which keeps what it is told. */
async function listening() {
  const told: unknown[] = [];
  const server = createServer((request, answer) => {
    json(request).then((body) => {
      told.push(body);
      answer.end("ok");
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/hook`, told: () => told, close: () => server.close() };
}

needs(
  "act",
  "sshd",
  "ip",
  "curl",
  "jq",
)("workflows that are ready to be copied: one server of staging, two of production", () => {
  let site: Site;
  beforeAll(async () => {
    site = await openSite("node-app");
    const config = site.caller.read(".github/deploy.yml");
    const [web1, web2, web3] = site.fleet.hosts.map(({ address }) => `root@${address}`);
    site.caller.write(
      ".github/deploy.yml",
      config
        .replace(/^environments:[\s\S]*/m, "environments:\n")
        .concat(
          [
            `  staging: { hosts: ["${web3}"] }`,
            `  production: { hosts: ["${web1}", "${web2}"] }`,
            `  preview-*: { hosts: ["${web3}"], deploy-to: "~/{environment}", shared: { directories: [log] }, activate: {}, remove: ["cat RELEASE >~/removed"] }\n`,
          ].join("\n"),
        ),
    );
    // The domain of the example is nobody's: the tests ask the server itself, through its own network.
    const tests = `grep -q "$RELEASE" '${join(site.fleet.hosts[2]?.root ?? "", "shop/current/RELEASE")}'`;
    site.caller.write(workflow, site.caller.read(workflow).replace("npm run test:functional", tests));
    site.caller.commit();
  });
  afterAll(() => site?.close());

  test("pull-request.yml builds and packs without a secret, and no server hears of it", async () => {
    const before = site.trees();
    const none = { SSH_PRIVATE_KEY: "", SSH_KNOWN_HOSTS: "" };
    const run = await site.run("pull-request.yml", { event: "pull_request", secrets: none });
    expect({ code: run.code, log: run.code === 0 ? "" : run.log }).toEqual({ code: 0, log: "" });
    expect(run.outputs.pack?.headline ?? run.log).toMatch(/Packed \d+ files/);
    expect(site.trees()).toEqual(before);
  });

  test("nightly.yml brings main to staging, and what is there already changes nothing", async () => {
    const nightly = ".github/workflows/nightly.yml";
    site.caller.write(nightly, site.caller.read(nightly).replace("npm run test:functional", "exit 0"));
    site.caller.commit();
    const run = await site.run("nightly.yml", { event: "schedule" });
    expect({ code: run.code, log: run.code === 0 ? "" : run.log }).toEqual({ code: 0, log: "" });
    expect(site.live().map((release) => release === undefined)).toEqual([true, true, false]);
    const again = await site.run("nightly.yml", { event: "schedule" });
    expect([again.code, again.outputs.plan?.changed, again.jobs.deploy === "success"]).toEqual([
      0,
      "false",
      false,
    ]);
  });

  test("deploy-and-tell.yml tags what was deployed, and tells the chat what it came to", async () => {
    // GitHub's own program has no place here; what it is asked is written down.
    const asked = join(site.caller.folder, "asked");
    const tell = ".github/workflows/deploy-and-tell.yml";
    const chat = await listening();
    site.caller.write(tell, site.caller.read(tell).replace("run: gh api", `run: echo > '${asked}'`));
    site.caller.write("src/greeting.txt", "told");
    site.caller.commit();
    const secrets = { CHAT_WEBHOOK: chat.url };
    const run = await site.run("deploy-and-tell.yml", { event: "workflow_dispatch", secrets });
    chat.close();
    expect({ code: run.code, log: run.code === 0 ? "" : run.log }).toEqual({ code: 0, log: "" });
    const release = run.outputs.plan?.release;
    expect(readFileSync(asked, "utf8")).toContain(`ref=refs/tags/deploy/production/${release} -f sha=`);
    const said = `shop to production: deployed (${release}, by octocat) https://github.com/acme/shop/actions/runs/`;
    expect(chat.told()).toEqual([{ text: expect.stringContaining(said) }]);
  });

  test("preview.yml makes one for a pull request, renews it, and removes it; a fork's gets none", async () => {
    const root = site.fleet.hosts[2]?.home ?? "";
    const { private: key } = site.fleet.keys;
    const secrets = { PREVIEW_SSH_PRIVATE_KEY: key, PREVIEW_SSH_KNOWN_HOSTS: site.fleet.knownHosts() };
    const pull = (action: string, from = "acme/shop") => ({
      secrets,
      event: "pull_request" as const,
      payload: { action, number: 12, pull_request: { number: 12, head: { repo: { full_name: from } } } },
    });
    const live = () => realpathSync(join(root, "preview-12/current"));
    const made = await site.run("preview.yml", pull("opened"));
    expect({ code: made.code, log: made.code === 0 ? "" : made.log }).toEqual({ code: 0, log: "" });
    const first = live();
    site.caller.write("src/greeting.txt", "another");
    site.caller.commit();
    expect((await site.run("preview.yml", pull("synchronize", "eve/shop"))).jobs.plan).toBeUndefined();
    expect((await site.run("preview.yml", pull("synchronize"))).code).toBe(0);
    expect(live()).not.toBe(first);
    const last = readFileSync(join(live(), "RELEASE"), "utf8");
    const before = site.trees();
    const closed = await site.run("preview.yml", pull("closed"));
    expect({ code: closed.code, log: closed.code === 0 ? "" : closed.log }).toEqual({ code: 0, log: "" });
    expect([existsSync(join(root, "preview-12")), readFileSync(join(root, "removed"), "utf8")]).toEqual([
      false,
      last,
    ]);
    expect((await site.run("preview.yml", pull("closed"))).code).toBe(0);
    expect(site.trees()).toEqual(before);
  });

  const dispatch = () => site.run("promote.yml", { event: "workflow_dispatch" });
  const files = (host: number) =>
    hostTree(
      join(site.fleet.hosts[host]?.root ?? "", "shop/releases", site.live()[host]?.slice(9) ?? ""),
    ).filter(({ path }) => !/^(RELEASE|REVISION|log|\.env|public\/uploads)/.test(path));

  test("promote.yml: what was tested is what production gets: built once, the same files", async () => {
    const config = ".github/deploy.yml";
    const build = "build: ['echo >&2 a build', npm run build, 'date +%N >build/built']";
    // No two builds are the same.
    site.caller.write(config, site.caller.read(config).replace(/^build: .*/m, build));
    site.caller.commit();
    const run = await dispatch();
    expect({ code: run.code, log: run.code === 0 ? "" : run.log }).toEqual({ code: 0, log: "" });
    const answers = await site.answers();
    expect(answers.map((answer, host) => `releases/${answer}` === site.live()[host])).toEqual([
      true,
      true,
      true,
    ]);
    expect(run.log.match(/a build$/gm)?.length).toBe(1);
    expect(files(2).length).toBeGreaterThan(3);
    expect([files(0), files(1)]).toEqual([files(2), files(2)]);
    expect(readFileSync(join(site.fleet.hosts[0]?.root ?? "", "shop/current/built"), "utf8")).toMatch(
      /^\d+$/m,
    );
  });

  test("where the tests fail, production is not even planned", async () => {
    const before = site.live();
    site.caller.write("src/greeting.txt", "two");
    site.caller.write(workflow, site.caller.read(workflow).replace(/run: grep.*/, "run: exit 1"));
    site.caller.commit();
    const run = await dispatch();
    expect([run.code, site.live()[2] === before[2]]).toEqual([1, false]);
    expect(site.live().slice(0, 2)).toEqual(before.slice(0, 2));
  });

  test("a release that is lost on its way is refused by name, and nothing is built instead", async () => {
    const before = site.live();
    const text = site.caller.read(workflow).replace("run: exit 1", "run: exit 0");
    site.caller.write(workflow, text.replace(/packed: .*outputs.packed.*/, 'packed: ""'));
    site.caller.commit();
    const run = await dispatch();
    expect([run.code, site.live().slice(0, 2)]).toEqual([1, before.slice(0, 2)]);
    expect(run.log).toMatch(/hand-over-empty/);
  });
});
