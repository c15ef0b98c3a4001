import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { needs } from "@deploy/testkit";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { openPage, type Page } from "../assets/page.ts";
import { renderPage } from "./github.ts";
import { pages } from "./scenes.ts";

/** What is seen, for people to look at: one picture of each page and width. */
const folder = join(import.meta.dirname, "../../build/gate");

needs("chromium")("what people at the gate read", () => {
  let page: Page;

  beforeAll(async () => {
    mkdirSync(folder, { recursive: true });
    for (const [name, text] of Object.entries(pages)) {
      writeFileSync(join(folder, `${name}.md`), text);
      writeFileSync(join(folder, `${name}.html`), renderPage(text));
    }
    page = await openPage("about:blank", "true");
  });

  afterAll(() => page?.close());

  async function show(name: string, width: number): Promise<Readonly<Record<string, number>>> {
    await page.open(pathToFileURL(join(folder, `${name}.html`)).href);
    await page.fit(width);
    writeFileSync(join(folder, `${name}-${width}.png`), await page.screenshot());
    return (await page.evaluate(measure)) as Readonly<Record<string, number>>;
  }

  describe.each(Object.keys(pages))("%s", (name) => {
    test.each([1012, 400])("fits a window of %i, its verdict in the first 200", async (width) => {
      const { wide, verdict = Number.NaN } = await show(name, width);
      expect(wide).toBeLessThanOrEqual(width);
      expect(verdict).toBeLessThanOrEqual(200);
    });
  });

  test("the plan of the Django example is read without scrolling", async () => {
    const { high } = await show("plan", 1012);
    expect(high).toBeLessThanOrEqual(900);
  });
});

/** Of the page, and the lower edge of its first heading. */
const measure = `({
  wide: document.documentElement.scrollWidth,
  high: document.documentElement.scrollHeight,
  verdict: document.querySelector("h3").getBoundingClientRect().bottom,
})`;
