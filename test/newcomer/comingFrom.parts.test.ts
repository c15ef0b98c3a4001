import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type FleetHost, type GitServer, gitServer, needs, repositoryIn } from "@deploy/testkit";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { blocksOf } from "../docs/blocks.ts";
import { commitOf, openWorld, type World } from "../faults/world.ts";
import { byScp, capistrano, commit, type Desk, overSsh } from "./peers.ts";

const describe = needs("sshd", "ip", "cap");

describe("from Capistrano to us, back, and to us again", () => {
  let world: World;
  let desk: Desk;
  beforeAll(async () => {
    world = await openWorld({ hosts: 2 });
    desk = { fleet: world.fleet, work: mkdtempSync(join(tmpdir(), "deploy-coming-")) };
  });
  afterAll(async () => {
    await world.close();
    rmSync(desk.work, { recursive: true, force: true });
  });

  test("its releases can be gone back to, its shared files are as they were, and it can take over again", async () => {
    commit(desk, "one\n");
    const peer = capistrano(desk);
    const onHosts = async (script: string) => {
      const ran = world.fleet.hosts.map((host) =>
        host.exec(["sh", "-c", `cd "$1" && ${script}`, "sh", peer.folder]),
      );
      return (await Promise.all(ran)).map(({ stdout, stderr }) => stdout + stderr);
    };
    const everywhere = (text: string) => Array(2).fill(text);
    await Promise.all(world.fleet.hosts.map((host) => host.exec(["sh", "-c", filled, "sh", peer.folder])));
    await peer.deploy();
    commit(desk, "two\n");
    await peer.deploy();
    expect(await onHosts("cat current/index.html current/uploads/photo")).toEqual(everywhere("two\nphoto\n"));
    const theirs = (await onHosts('basename "$(readlink -f current)"'))[0]?.trim();
    const shared = await onHosts("find shared/uploads shared/.env -type f -exec cksum {} +");

    const config = {
      "deploy-to": peer.folder,
      shared: { directories: ["uploads"], files: [".env"] },
      activate: {},
    };
    world.write({ "index.html": "ours\n" });
    const report = await world.deploy(commitOf("a"), { config });
    expect([report.result, report.problems]).toEqual(["deployed", []]);
    expect(await onHosts("cat current/index.html current/uploads/photo")).toEqual(
      everywhere("ours\nphoto\n"),
    );

    const session = await world.session({ config });
    const back = await session.run({ plan: session.plan({ kind: "rollback" }), phases: ["activate"] });
    await session.close();
    expect([back.result, back.release === theirs || back.release]).toEqual(["deployed", true]);
    expect(await onHosts("cat current/index.html")).toEqual(everywhere("two\n"));

    commit(desk, "three\n");
    await peer.deploy();
    expect(await onHosts("cat current/index.html")).toEqual(everywhere("three\n"));
    world.write({ "index.html": "ours again\n" });
    const again = await world.deploy(commitOf("b"), { config, run: "2" });
    expect([again.result, again.problems]).toEqual(["deployed", []]);
    expect(await onHosts("cat current/index.html")).toEqual(everywhere("ours again\n"));
    expect(await onHosts("find shared/uploads shared/.env -type f -exec cksum {} +")).toEqual(shared);
  });
});

describe("from files that were copied over the live site", () => {
  let world: World;
  let desk: Desk;
  beforeAll(async () => {
    world = await openWorld({ hosts: 2 });
    desk = { fleet: world.fleet, work: mkdtempSync(join(tmpdir(), "deploy-copied-")) };
  });
  afterAll(async () => {
    await world.close();
    rmSync(desk.work, { recursive: true, force: true });
  });

  test("the guide's lines move what users put there, and the old site goes on meanwhile", async () => {
    const { srv } = world.fleet.hosts[0] ?? { srv: "" };
    const onHosts = async (script: string) => {
      const ran = world.fleet.hosts.map((host) => host.exec(["sh", "-ec", script]));
      return (await Promise.all(ran)).map(({ stdout, stderr }) => stdout + stderr);
    };
    const [moved = ""] = blocksOf("sh")
      .filter(
        ({ place, text }) => place.startsWith("docs/guides/coming-from.md") && text.includes("/srv/shop"),
      )
      .map(({ text }) => here(text, srv));
    commit(desk, "older\n");
    const [pulled, copied] = world.fleet.hosts as [FleetHost, FleetHost];
    // What people have in ssh-action's `script`, and what scp-action does with its `source`.
    await overSsh(desk, pulled, `git clone -q file://${desk.work}/site.git ${srv}/www`);
    commit(desk, "old\n");
    await overSsh(desk, pulled, `cd ${srv}/www && git pull -q`);
    await byScp(desk, copied, `${srv}/www`);
    await onHosts(here(used, srv));
    expect(await onHosts(`${moved}cat ${srv}/www/public/uploads/photo`)).toEqual(["photo\n", "photo\n"]);
    const config = { shared: { directories: ["public/uploads"], files: [".env"] }, activate: {} };
    const report = await world.deploy(commitOf("a"), { config });
    expect([report.result, report.problems]).toEqual(["deployed", []]);
    const look = `cd ${srv}/shop/current && cat public/uploads/photo .env && cat ${srv}/www/index.html`;
    expect(await onHosts(look)).toEqual(Array(2).fill("photo\nKEY=value\nold\n"));
    // Until the web server leads elsewhere, the old way still works.
    commit(desk, "older again\n");
    await overSsh(desk, pulled, `cd ${srv}/www && git pull -q`);
    await byScp(desk, copied, `${srv}/www`);
    expect(await onHosts(`cat ${srv}/www/index.html ${srv}/www/public/uploads/photo`)).toEqual(
      Array(2).fill("older again\nphoto\n"),
    );
  });
});

describe("from a script that pulls", () => {
  let [world, server, work]: [World, GitServer, string] = [] as never;
  beforeAll(async () => {
    world = await openWorld({ hosts: 2 });
    work = mkdtempSync(join(tmpdir(), "deploy-pull-"));
    server = await gitServer({ root: work, host: world.fleet.gateway });
  });
  afterAll(async () => {
    await server.close();
    await world.close();
    rmSync(work, { recursive: true, force: true });
  });

  test("hosts fetch from where they pulled, each into a release, and the folder that was pulled into is as it was", async () => {
    const repository = repositoryIn(work);
    const url = `${server.url}/shop.git`;
    const site = mkdtempSync(join(work, "site-"));
    const commitSite = (text: string): string => {
      writeFileSync(join(site, "index.html"), text);
      world.write({ "index.html": text });
      return repository.commit(site);
    };
    const onHosts = async (script: string) => {
      const ran = world.fleet.hosts.map((host) => host.exec(["sh", "-ec", script]));
      return (await Promise.all(ran)).map(({ stdout }) => stdout);
    };
    const { srv } = world.fleet.hosts[0] ?? { srv: "" };
    const old = commitSite("pulled\n");
    await onHosts(`git clone -q ${url} ${srv}/www`);
    const before = await onHosts(`cd ${srv}/www && git pull -q && find . -type f -exec cksum {} + | sort`);
    const config = { upload: { method: "git", repository: url } };
    const first = await world.deploy(commitSite("ours\n"), { config });
    expect([first.result, first.problems]).toEqual(["deployed", []]);
    expect(await onHosts(`cat ${srv}/shop/current/index.html`)).toEqual(["ours\n", "ours\n"]);
    expect(await onHosts(`cd ${srv}/www && find . -type f -exec cksum {} + | sort`)).toEqual(before);

    // What was built is in no commit, and what was never pushed is nowhere.
    world.write({ "built.js": "built\n", "index.html": "pulled\n" });
    const built = await world.deploy(old, { config, run: "2" });
    expect([built.result, built.problems]).toEqual(["deployed", []]);
    expect(await onHosts(`cd ${srv}/shop/current && cat index.html built.js`)).toEqual(
      Array(2).fill("pulled\nbuilt\n"),
    );
    world.write({ "index.html": "not pushed\n" });
    const lost = await world.deploy(commitOf("d"), { config, run: "3" });
    expect([lost.result, lost.problems.map(({ code }) => code)]).toEqual([
      "failed",
      ["git-commit-missing", "git-commit-missing"],
    ]);
    expect(await onHosts(`cat ${srv}/shop/current/index.html`)).toEqual(["pulled\n", "pulled\n"]);
  });
});

/** What users and people left there since. */
const used = `mkdir -p /var/www/shop/public/uploads && cd /var/www/shop
echo photo >public/uploads/photo && echo KEY=value >.env`;

/** The guide's folders, as the hosts of a test have them; their only user is root. */
const here = (script: string, srv: string): string =>
  script
    .replaceAll("/var/www/shop", `${srv}/www`)
    .replaceAll("/srv/shop", `${srv}/shop`)
    .replaceAll(/sudo |-o deploy -g deploy /g, "")
    .replaceAll("deploy:", "root:");

/** What users and people put there by hand. */
const filled = `mkdir -p "$1/shared/uploads" && echo photo >"$1/shared/uploads/photo" && echo KEY=value >"$1/shared/.env"`;
