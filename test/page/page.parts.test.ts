import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { StatusView } from "@deploy/core";
import {
  environmentStatus,
  renderBadge,
  renderIndexPage,
  renderStatusPage,
  withEnvironment,
} from "@deploy/core/page";
import { needs } from "@deploy/testkit";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { hostile, hostileScene, manyResults, pageScenes } from "../../packages/core/test/page/scenes.ts";
import { openPage, type Page } from "../assets/page.ts";

/** For people to look at: one picture of each page, width and scheme. */
const folder = join(import.meta.dirname, "../../build/page");
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const scenes: Readonly<Record<string, StatusView>> = { ...pageScenes, hostile: hostileScene };
const repository = "https://github.com/org/shop";
const environments = Object.entries(scenes).map(([name, view]) => ({
  ...environmentStatus(view, name === "many" ? manyResults : undefined),
  ...{ environment: name, page: `${name}.html` },
}));
/** By name: each scene, one with results of records, and the index of all. */
const pages: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    Object.entries(scenes).map(([name, view]) => [name, renderStatusPage(view, repository)]),
  ),
  results: renderStatusPage(scenes.many ?? hostileScene, repository, manyResults),
  index: renderIndexPage(
    environments.reduce(withEnvironment, undefined as Parameters<typeof withEnvironment>[0]) ?? {
      ...{ schema: 1, revision: 0, updated: "", environments: [] },
    },
  ),
};

needs("chromium")("the status page in a browser", () => {
  let page: Page;

  beforeAll(async () => {
    mkdirSync(folder, { recursive: true });
    for (const [name, html] of Object.entries(pages)) {
      writeFileSync(join(folder, `${name}.html`), html);
      writeFileSync(join(folder, `${name}-plain.html`), html.replace(/<script>[\s\S]*<\/script>/, ""));
    }
    page = await openPage("about:blank", "true");
  });
  afterAll(() => page?.close());

  async function open(name: string, width: number, dark: boolean): Promise<void> {
    await page.scheme(dark ? "dark" : "light");
    await page.open(pathToFileURL(join(folder, `${name}.html`)).href);
    await page.fit(width);
    writeFileSync(join(folder, `${name}-${width}${dark ? "-dark" : ""}.png`), await page.screenshot());
  }

  describe.each([...Object.keys(pages), "well-plain", "hostile-plain"])("%s", (name) => {
    test.each([
      [1280, false],
      [320, true],
    ])(
      "%i wide, dark %j: no violation, no overflow, no word in the console, no request but the file",
      async (width, dark) => {
        const before = page.requested.length;
        await open(name, width, dark);
        // Its rules take a second for each thirty rows, which are all alike.
        await page.evaluate(
          `${axe};for (const row of [...document.querySelectorAll("tbody tr")].slice(60)) row.remove()`,
        );
        const wide = await page.evaluate("document.documentElement.scrollWidth");
        const violations = await page.evaluate(
          `axe.run(document,{resultTypes:["violations"]}).then((found)=>found.violations.map((one)=>one.id+": "+one.nodes.map((node)=>node.html).slice(0,3).join(" ")))`,
        );
        expect([violations, wide, page.troubles, page.requested.length - before]).toEqual([[], width, [], 1]);
      },
    );
  });

  test("a badge is a picture by itself, whatever it names", async () => {
    for (const [at, status] of environments.entries()) {
      const file = join(folder, `badge-${at}.svg`);
      writeFileSync(file, renderBadge({ ...status, ...(at === 0 && { app: hostile }) }));
      await page.open(pathToFileURL(file).href);
      const said = await page.evaluate(
        `document.documentElement.tagName+" "+document.querySelectorAll("parsererror,script").length`,
      );
      expect([said, page.troubles]).toEqual(["svg 0", []]);
    }
  });

  test("an old page says that it was not read since, and not that all is well", async () => {
    await open("well", 1280, false);
    const said = await page.evaluate(
      `document.querySelector("h1").className+" "+document.querySelector("h1").textContent`,
    );
    expect(said).toMatch(/^unknown \? Not read for \d+ h\. Then: 3 of 3 hosts serve /);
    expect(await page.evaluate(`document.querySelector("time").textContent`)).toMatch(/UTC \(\d+ \w+ ago\)$/);
  });
});
