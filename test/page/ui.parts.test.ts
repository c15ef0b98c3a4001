import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { needs, until } from "@deploy/testkit";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { main } from "../../packages/cli/src/index.ts";
import { recordedIo } from "../../packages/cli/test/io.ts";
import { openShop, type Shop } from "../../packages/cli/test/shop.ts";
import { openPage, type Page } from "../assets/page.ts";

/** For people to look at. */
const pictures = join(import.meta.dirname, "../../build/page");
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

needs("chromium")("deploy ui, while this desk deploys", () => {
  const ended = new AbortController();
  let folder: string;
  let shop: Shop;
  let page: Page;
  let url = "";
  let served: Promise<number>;
  let env: Record<string, string>;

  beforeAll(async () => {
    mkdirSync(pictures, { recursive: true });
    folder = mkdtempSync(join(tmpdir(), "deploy-ui-"));
    shop = await openShop(folder);
    env = { PATH: process.env.PATH ?? "", HOME: folder };
    const onWrite = (text: string) => {
      url = /^ui: (\S+)/m.exec(text)?.[1] ?? url;
    };
    const io = recordedIo({ cwd: shop.folder, env, signal: ended.signal, onWrite });
    served = main(["ui", "--identity-file", "secrets/key", "--known-hosts", "secrets/pins"], io);
    await until("its address", () => url !== "");
    page = await openPage(url, "true");
  });
  afterAll(async () => {
    ended.abort();
    await served;
    await page?.close();
    await shop?.close();
    rmSync(folder, { recursive: true });
  });

  const text = async (selector: string) =>
    String(await page.evaluate(`document.querySelector(${JSON.stringify(selector)})?.innerText ?? ""`));
  const stateOf = (step: string) =>
    page.evaluate(`document.querySelector('[data-step="${step}"]')?.dataset.state`);
  const shows = (words: string) => until(words, async () => (await text("main")).includes(words));
  const hold = (held: boolean) => {
    for (const { root } of shop.servers)
      if (held) writeFileSync(join(root, "wait"), "");
      else rmSync(join(root, "wait"));
  };

  /** As it is just now, in one width and scheme. */
  async function judge(name: string, width: number, dark: boolean): Promise<void> {
    await page.scheme(dark ? "dark" : "light");
    await page.fit(width);
    writeFileSync(join(pictures, `ui-${name}-${width}${dark ? "-dark" : ""}.png`), await page.screenshot());
    await page.evaluate(axe);
    // A page that just grew has a scroll bar.
    const over = await page.evaluate(
      "document.documentElement.scrollWidth > document.documentElement.clientWidth",
    );
    const violations = await page.evaluate(
      `axe.run(document,{resultTypes:["violations"]}).then((found)=>found.violations.map((one)=>one.id+": "+one.nodes.map((node)=>node.html).slice(0,3).join(" ")))`,
    );
    expect([name, violations, over, page.troubles]).toEqual([name, [], false, []]);
  }

  test("before anything was run it shows the servers", async () => {
    await shows("Nothing was deployed yet to 3 hosts");
    await shows("Nothing was run from this desk yet.");
    await judge("empty", 1280, false);
  });

  test("plan, steps and hosts move while it runs, and it ends with what the servers say", async () => {
    hold(true);
    const running = shop.deploy(["run", "--yes", "--commit", "1".repeat(40)], { env });
    await until("prepare runs", async () => (await stateOf("prepare")) === "runs");
    expect(await text('[data-step="prepare"]')).toMatch(
      /^→ runs prepare 0 of 3 hosts → 127\.0\.0\.1:\d+ runs/,
    );
    expect([await stateOf("upload"), await stateOf("switch")]).toEqual(["ok", "waits"]);
    for (const [width, dark] of [
      [1280, false],
      [320, true],
    ] as const)
      await judge("runs", width, dark);
    // Loaded again, by whoever has no script, it is the same.
    const plain = await fetch(url).then((answer) => answer.text());
    expect(plain).toContain('data-step="prepare" data-state="runs"');
    hold(false);
    const { exitCode } = await running;
    expect(exitCode).toBe(0);
    await shows("3 of 3 hosts serve");
    expect([await stateOf("switch"), await stateOf("finish")]).toEqual(["ok", "ok"]);
    expect(await text("#said")).toMatch(/^Deploy to \S+: /);
    for (const [width, dark] of [
      [1280, false],
      [320, true],
    ] as const)
      await judge("deployed", width, dark);
  });

  test("a run that fails says so, and what was taken back", async () => {
    writeFileSync(join(shop.folder, "page"), "two\n");
    writeFileSync(join(shop.servers[1].root, "broken"), "");
    const { exitCode } = await shop.deploy(["run", "--yes", "--commit", "2".repeat(40)], { env });
    expect(exitCode).toBe(3);
    await until("health failed", async () => (await stateOf("health")) === "failed");
    await until("the run's end", async () => (await stateOf("finish")) === "left");
    await shows("beside the plan");
    await shows("✗ reverted");
    for (const [width, dark] of [
      [1280, true],
      [320, false],
    ] as const)
      await judge("reverted", width, dark);
  });

  describe("is for this browser alone", () => {
    interface Asked {
      readonly path?: string;
      readonly method?: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
    const ask = ({ path, method = "GET", headers = {} }: Asked) =>
      new Promise<readonly [number, string]>((resolve, reject) => {
        const { hostname, port, pathname } = new URL(url);
        const asked = request({ hostname, port, method, headers, path: path ?? pathname }, (answer) => {
          resolve([answer.statusCode ?? 0, String(answer.headers["content-security-policy"])]);
          answer.resume();
        });
        asked.on("error", reject).end();
      });

    test.each([
      ["a name of somebody's that leads here", { headers: { host: "evil.example" } }, 421],
      ["a page of somebody's", { headers: { "sec-fetch-site": "cross-site" } }, 403],
      ["no token", { path: "/" }, 404],
      ["another token", { path: `/${"A".repeat(32)}/` }, 404],
      ["another token's events", { path: `/${"A".repeat(32)}/events` }, 404],
      ["something to be done", { method: "POST" }, 405],
      ["itself", {}, 200],
    ] as const)("%s", async (_, asked, code) => {
      expect(await ask(asked)).toEqual([
        code,
        expect.stringMatching(/^default-src 'none'; .*frame-ancestors 'none'$/),
      ]);
    });

    test("a port that is taken is told, exit code 2", async () => {
      const ran = await shop.deploy(["ui", "--port", new URL(url).port], { env });
      expect([ran.exitCode, ran.err]).toEqual([2, expect.stringContaining("argument-refused")]);
    });
  });

  test("it ends with Ctrl-C, and pages say that they are old", async () => {
    ended.abort();
    expect(await served).toBe(0);
    await until("old", async () => (await text("#live")).startsWith("Not connected"));
  });
});
