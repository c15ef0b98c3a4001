import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Report } from "@deploy/core";
import { type FleetHost, needs, until } from "@deploy/testkit";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { commitOf, openWorld, type World } from "./world.ts";

const describe = needs("sshd", "ip", "curl");

const install = "npm ci --omit=dev --offline --no-audit --no-fund";

/** A project with one dependency, packed and beside it, so that npm unpacks it without asking anybody. */
function project(version: string): Record<string, string> {
  const root = mkdtempSync(join(tmpdir(), "deploy-project-"));
  mkdirSync(join(root, "package"));
  writeFileSync(join(root, "package/package.json"), JSON.stringify({ name: "one", version, bin: "cli.js" }));
  writeFileSync(join(root, "package/cli.js"), `#!/usr/bin/env node\nconsole.log("${version}");\n`);
  execFileSync("tar", ["--format=ustar", "-C", root, "-cf", join(root, "one.tar"), "package"]);
  const manifest = JSON.stringify({ name: "shop", dependencies: { one: "file:one.tar" } });
  writeFileSync(join(root, "package.json"), manifest);
  execFileSync("npm", ["install", "--package-lock-only", "--offline"], { cwd: root });
  const files = ["package.json", "package-lock.json", "one.tar"];
  const texts = files.map((path) => [path, readFileSync(join(root, path), "utf8")]);
  rmSync(root, { recursive: true });
  return Object.fromEntries(texts);
}

describe("npm ci on real hosts, once for each change", () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld({ hosts: [{}, {}] });
  });
  afterAll(() => world.close());

  const reads = ["package.json", "package-lock.json"];
  const config = { prepare: [{ run: install, reads, makes: ["node_modules"] }] };
  const deploy = (letter: string) => world.deploy(commitOf(letter), { config, reads });
  const said = ({ hosts }: Report) =>
    hosts.map(({ outcomes }) => outcomes.find(({ step }) => step === "prepare")?.detail);
  const served = () =>
    Promise.all(
      world.fleet.hosts.map(async (host) => {
        const { stdout } = await host.exec(["sh", "-c", '"$0/shop/current/node_modules/.bin/one"', host.srv]);
        return stdout.trim();
      }),
    );

  test("it runs, is carried over while nothing changes, and runs again with another lock file", async () => {
    world.write(project("1.0.0"));
    const first = await deploy("a");
    expect([first.result, ...said(first), ...(await served())]).toEqual([
      "deployed",
      ...[install, install],
      ...["1.0.0", "1.0.0"],
    ]);
    world.write({ "index.html": "two" });
    const second = await deploy("b");
    const words = expect.stringContaining(`not run, unchanged since ${first.release}`);
    expect([second.result, ...said(second), ...(await served())]).toEqual([
      "deployed",
      ...[words, words],
      ...["1.0.0", "1.0.0"],
    ]);
    world.write(project("2.0.0"));
    const third = await deploy("c");
    expect([third.result, ...said(third), ...(await served())]).toEqual([
      "deployed",
      ...[install, install],
      ...["2.0.0", "2.0.0"],
    ]);
    const session = await world.session({ config });
    const plan = session.plan({ kind: "rollback", to: second.release });
    const back = await session.run({ plan, phases: ["activate"] });
    await session.close();
    expect([back.result, ...(await served())]).toEqual(["deployed", "1.0.0", "1.0.0"]);
  });

  test("its connection lost in the middle, nobody switches, and nothing half is carried over", async () => {
    const [one, ...others] = world.fleet.hosts as [FleetHost, ...FleetHost[]];
    const sh = async (host: FleetHost, line: string) =>
      (await host.exec(["sh", "-c", line, host.home])).stdout.trim();
    const before = await world.live();
    // The server of this very connection is the first sshd above the command.
    const run = `mkdir -p made && echo half >made/half
      [ -e ~/go ] || { p=$$; until case $(cat /proc/$p/comm) in sshd*) true ;; *) false ;; esac; do p=$(sed 's/.*) . //; s/ .*//' /proc/$p/stat); done
      echo "$p" >~/told; mv ~/told ~/begun; until [ -e ~/go ]; do sleep 0.1; done; }
      echo whole >made/whole`;
    const options = {
      config: { prepare: [{ run, reads: ["package.json"], makes: ["made"] }] },
      reads: ["package.json"],
    };
    const running = world.deploy(commitOf("d"), options);
    await until("the command", async () => (await sh(one, 'cat "$0/begun" 2>/dev/null')) !== "");
    await sh(one, 'kill -KILL "$(cat "$0/begun")"');
    await Promise.all(others.map((host) => sh(host, 'touch "$0/go"')));
    expect([(await running).result, await world.live()]).toEqual(["failed", before]);
    await sh(one, 'touch "$0/go"');
    const whole = await world.deploy(commitOf("d"), options);
    const made = await Promise.all(
      world.fleet.hosts.map((host) => sh(host, `ls ${host.srv}/shop/current/made`)),
    );
    expect([whole.result, made]).toEqual(["deployed", world.fleet.hosts.map(() => "half\nwhole")]);
    expect(whole.hosts[0]?.outcomes.find(({ step }) => step === "prepare")?.detail).not.toContain("not run");
  });
});
