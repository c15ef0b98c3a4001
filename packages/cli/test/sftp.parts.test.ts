import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Plan, Report } from "@deploy/core";
import { type Chroot, needs, openChroot } from "@deploy/testkit";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { main } from "../src/index.ts";
import { newFolder } from "./folder.ts";
import { recordedIo } from "./io.ts";

needs(
  "sshd",
  "ip",
  "python3",
)("a site whose server gives files and no shell", () => {
  let server: Chroot;
  let folder: string;
  let port: string;
  const place = (path: string) => join(server.folder, "site/htdocs", path);

  beforeEach(async () => {
    server = await openChroot();
    mkdirSync(place("uploads"), { recursive: true });
    writeFileSync(place("uploads/cat.jpg"), "theirs");
    const web = await server.host.start([
      "python3",
      "-u",
      "-m",
      "http.server",
      "0",
      "--bind",
      "127.0.0.1",
      "-d",
      place(""),
    ]);
    await web.until(/port (\d+)/);
    port = /port (\d+)/.exec(web.output())?.[1] ?? "";
    folder = newFolder();
    mkdirSync(join(folder, ".github"), { recursive: true });
    writeFileSync(join(folder, "key"), server.keys.private, { mode: 0o600 });
    writeFileSync(join(folder, "pins"), `${server.host.knownHostsLine()}\n`);
    configure();
  });
  afterEach(() => server.close());

  function configure(more: object = {}, health = "RELEASE"): void {
    const { address, port: ssh, username } = server.host;
    const host = {
      address,
      port: ssh,
      username,
      name: "hoster",
      via: "sftp",
      "document-root": "/site/htdocs",
    };
    const config = {
      ...{ app: "shop", "deploy-to": "/site/deploy", source: "public" },
      activate: {
        health: {
          url: `http://127.0.0.1:${port}/${health}`,
          within: "5s",
          interval: "50ms",
          "expect-release": health === "RELEASE",
        },
      },
      ...more,
      environments: { production: { hosts: [host] } },
    };
    writeFileSync(join(folder, ".github/deploy.yml"), JSON.stringify(config));
  }

  async function deploy(...args: string[]) {
    const io = recordedIo({ cwd: folder, env: { PATH: process.env.PATH, HOME: folder } });
    const login = ["--identity-file", "key", "--known-hosts", "pins"];
    return { exitCode: await main([...args, ...login], io), out: io.out(), err: io.err() };
  }

  function write(page: string): void {
    mkdirSync(join(folder, "public"), { recursive: true });
    writeFileSync(join(folder, "public/index.html"), page);
  }

  async function release(page: string, commit: string): Promise<Report> {
    write(page);
    const ran = await deploy("run", "--yes", "--json", "--commit", commit.repeat(40));
    if (ran.exitCode !== 0) throw new Error(ran.err);
    return JSON.parse(ran.out) as Report;
  }

  test("is deployed to, proved over HTTP from here, shown, and taken back", async () => {
    const one = await release("one", "1");
    expect([one.result, readFileSync(place("index.html"), "utf8")]).toEqual(["deployed", "one"]);
    const two = await release("two", "2");
    expect(readFileSync(place("RELEASE"), "utf8")).toBe(`${two.release}\n`);
    expect((await deploy("status")).out).toContain(two.release);
    const back = await deploy("rollback", "--yes", "--json");
    expect([back.exitCode, readFileSync(place("index.html"), "utf8")]).toEqual([0, "one"]);
    expect(readFileSync(place("uploads/cat.jpg"), "utf8")).toBe("theirs");
    const again = await deploy("unlock", "--yes");
    expect(again.exitCode).toBe(0);
  });

  test("that does not prove health is as it was", async () => {
    configure({}, "up.txt");
    write("one");
    writeFileSync(join(folder, "public/up.txt"), "up");
    await release("one", "1");
    write("two");
    rmSync(join(folder, "public/up.txt"));
    const ran = await deploy("run", "--yes", "--json", "--commit", "2".repeat(40));
    expect((JSON.parse(ran.out) as Report).result).toBe("reverted");
    expect([readFileSync(place("index.html"), "utf8"), readFileSync(place("up.txt"), "utf8")]).toEqual([
      "one",
      "up",
    ]);
  });

  test("what it cannot have is refused by the plan, with what to do instead", async () => {
    write("one");
    configure({ prepare: ["make"], migrate: "bin/migrate" });
    const ran = await deploy("plan", "--json", "--commit", "1".repeat(40));
    const { problems } = JSON.parse(ran.out) as Plan;
    expect(problems.map(({ code, hint }) => [code, hint])).toEqual([
      ["hut-cannot", expect.stringContaining("where the release is built")],
      ["hut-cannot", expect.stringContaining("a job that reaches the database")],
    ]);
    expect(existsSync(place("index.html"))).toBe(false);
  });
});
