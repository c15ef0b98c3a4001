import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Report } from "@deploy/core";
import { type FtpServer, needs, openFtp, putInSite, type Started, startProcess } from "@deploy/testkit";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { main } from "../src/index.ts";
import { newFolder } from "./folder.ts";
import { recordedIo } from "./io.ts";

needs(
  "vsftpd",
  "ip",
  "openssl",
  "python3",
)("a site whose server speaks FTP and nothing else", () => {
  let server: FtpServer;
  let pages: Started;
  let folder: string;
  let port: string;
  const place = (path: string) => join(server.folder, "site/htdocs", path);

  beforeEach(async () => {
    server = await openFtp({ kind: "vsftpd", tls: "explicit" });
    password = { DEPLOY_FTP_PASSWORD: server.password };
    putInSite(server, "uploads/cat.jpg", "theirs");
    pages = await startProcess(
      ["python3", "-u", "-m", "http.server", "0", "--bind", "127.0.0.1", "-d", place("")],
      { env: { PATH: process.env.PATH ?? "" } },
    );
    await pages.until(/port (\d+)/);
    port = /port (\d+)/.exec(pages.output())?.[1] ?? "";
    folder = newFolder();
    mkdirSync(join(folder, ".github"), { recursive: true });
    configure();
  });
  afterEach(async () => {
    await pages.stop();
    await server.close();
  });

  function configure(more: object = {}, health = "RELEASE"): void {
    const { address, port: ftp, username, certificate } = server;
    const host = {
      address,
      port: ftp,
      username,
      name: "hoster",
      via: "ftps",
      certificate,
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

  let password: Record<string, string> = {};

  async function deploy(...args: string[]) {
    const io = recordedIo({ cwd: folder, env: { PATH: process.env.PATH, HOME: folder, ...password } });
    return { exitCode: await main(args, io), out: io.out(), err: io.err() };
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

  test("without a password nothing is begun, and a plan of plain FTP warns", async () => {
    write("one");
    password = {};
    const ran = await deploy("plan", "--commit", "1".repeat(40));
    expect(ran.exitCode).not.toBe(0);
    expect(ran.out + ran.err).toMatch(/hoster is reached by ftps, and there is no password/);
  });
});
