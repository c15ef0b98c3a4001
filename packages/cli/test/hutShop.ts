import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Report } from "@deploy/core";
import { putInSite, type Started, startProcess } from "@deploy/testkit";
import { expect, test } from "@jest/globals";
import { main } from "../src/index.ts";
import { newFolder } from "./folder.ts";
import { recordedIo } from "./io.ts";

/** A server that gives files alone, and what a desk logs in to it with. */
export interface Hoster {
  /** What the login calls `/`. */
  readonly folder: string;
  /** Of the config's host. */
  readonly host: object;
  /** Files of the desk, by name. */
  readonly files: Readonly<Record<string, string>>;
  readonly flags: readonly string[];
  env: Readonly<Record<string, string>>;
}

/** A desk with a site, the hoster that it goes to, and a web server in front of that. */
export class HutShop {
  readonly hoster: Hoster;
  readonly folder = newFolder();
  readonly #pages: Started;
  readonly #port: string;

  constructor(hoster: Hoster, pages: Started) {
    this.hoster = hoster;
    this.#pages = pages;
    this.#port = /port (\d+)/.exec(pages.output())?.[1] ?? "";
    mkdirSync(join(this.folder, ".github"));
    for (const [name, text] of Object.entries(hoster.files))
      writeFileSync(join(this.folder, name), text, { mode: 0o600 });
    this.configure();
  }

  place = (path: string) => join(this.hoster.folder, "site/htdocs", path);
  read = (path: string) => readFileSync(this.place(path), "utf8");

  configure(more: object = {}, health = "RELEASE"): void {
    const url = `http://127.0.0.1:${this.#port}/${health}`;
    const asked = { url, within: "5s", interval: "50ms", "expect-release": health === "RELEASE" };
    const config = {
      ...{ app: "shop", "deploy-to": "/site/deploy", source: "public", activate: { health: asked } },
      ...more,
      environments: {
        production: { hosts: [{ ...this.hoster.host, name: "hoster", "document-root": "/site/htdocs" }] },
      },
    };
    writeFileSync(join(this.folder, ".github/deploy.yml"), JSON.stringify(config));
  }

  async deploy(...args: readonly string[]) {
    const { env, flags } = this.hoster;
    const io = recordedIo({ cwd: this.folder, env: { PATH: process.env.PATH, HOME: this.folder, ...env } });
    return { exitCode: await main([...args, ...flags], io), out: io.out(), err: io.err() };
  }

  write(path: string, text: string): void {
    mkdirSync(join(this.folder, "public"), { recursive: true });
    writeFileSync(join(this.folder, "public", path), text);
  }

  async release(page: string, commit: string): Promise<Report> {
    this.write("index.html", page);
    const ran = await this.deploy("run", "--yes", "--json", "--commit", commit.repeat(40));
    if (ran.exitCode !== 0) throw new Error(ran.err);
    return JSON.parse(ran.out) as Report;
  }

  close = () => this.#pages.stop();
}

export async function openHutShop(hoster: Hoster): Promise<HutShop> {
  putInSite(hoster, "uploads/cat.jpg", "theirs");
  const where = ["--bind", "127.0.0.1", "-d", join(hoster.folder, "site/htdocs")];
  const pages = await startProcess(["python3", "-u", "-m", "http.server", "0", ...where], {
    env: { PATH: process.env.PATH ?? "" },
  });
  await pages.until(/port (\d+)/);
  return new HutShop(hoster, pages);
}

/** Whatever leads there. */
export function hutShopTests(get: () => HutShop): void {
  test("is deployed to, proved over HTTP from here, shown, and taken back", async () => {
    const shop = get();
    const one = await shop.release("one", "1");
    expect([one.result, shop.read("index.html")]).toEqual(["deployed", "one"]);
    const two = await shop.release("two", "2");
    expect(shop.read("RELEASE")).toBe(`${two.release}\n`);
    expect((await shop.deploy("status")).out).toContain(two.release);
    const back = await shop.deploy("rollback", "--yes", "--json");
    expect([back.exitCode, shop.read("index.html")]).toEqual([0, "one"]);
    expect(shop.read("uploads/cat.jpg")).toBe("theirs");
    expect((await shop.deploy("unlock", "--yes")).exitCode).toBe(0);
  });

  test("that does not prove health is as it was", async () => {
    const shop = get();
    shop.configure({}, "up.txt");
    shop.write("up.txt", "up");
    await shop.release("one", "1");
    shop.write("index.html", "two");
    rmSync(join(shop.folder, "public/up.txt"));
    const ran = await shop.deploy("run", "--yes", "--json", "--commit", "2".repeat(40));
    expect((JSON.parse(ran.out) as Report).result).toBe("reverted");
    expect([shop.read("index.html"), shop.read("up.txt")]).toEqual(["one", "up"]);
  });
}
