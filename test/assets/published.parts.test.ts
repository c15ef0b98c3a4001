import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type BundleRan, needs } from "@deploy/testkit";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { openPage } from "./page.ts";
import { openShop, type Shop } from "./published.ts";
import { listReferences } from "./references.ts";

const forms = ["json", "vite", "mix", "django", "sprockets", "propshaft"];

needs("versitygw", "chromium")("real code bases, published", () => {
  let shop: Shop;
  let first: BundleRan;
  let objects: Readonly<Record<string, string>>;

  beforeAll(async () => {
    shop = await openShop();
    first = await shop.run({ "source-maps": "publish", manifests: forms.join("\n"), precompress: "br" });
    objects = await shop.objects();
  });

  afterAll(() => shop?.close());

  const output = (path: string) => join(shop.site.root, "public/assets", path);
  const keys = () => Object.keys(objects).filter((key) => !key.startsWith(".deploy/"));
  const keyOf = (pattern: RegExp) => keys().find((key) => pattern.test(key)) ?? `nothing like ${pattern}`;

  test("the action says what it did", () => {
    expect(first.annotations).toEqual([]);
    expect(first.code).toBe(0);
    const { "bytes-uploaded": bytes, ...outputs } = first.outputs;
    expect(outputs).toEqual({
      result: "published",
      manifest: "public/assets/.manifest.json",
      "assets-url": shop.store.location,
      changed: "true",
    });
    const published = keys().map((key) => Buffer.byteLength(readFileSync(output(key))));
    expect(Number(bytes)).toBe(published.reduce((sum, size) => sum + size, 0));
    expect(first.summary).toContain("| CSS | 5 |");
    for (const tool of ["sass 1", "less 4", "terser 5", "svgo 4"]) {
      expect(first.log).toContain(`\n${tool}`);
    }
  });

  test("every reference in what was published leads to something published", () => {
    const texts = Object.entries(objects).filter(
      ([key]) => !key.startsWith(".deploy/") && !key.endsWith(".br"),
    );
    const references = texts.flatMap(([key, text]) => listReferences(key, text));
    const lost = references.filter(({ to }) => !(to in objects));
    expect(lost).toEqual([]);
    const froms = new Set(references.map(({ from }) => from.replace(/-[0-9a-f]{12}(?=\.)/, "")));
    expect([...froms].filter((from) => !from.endsWith(".svg")).sort()).toEqual([
      "css/app.css",
      "css/icons.css",
      "css/inter.css",
      "css/site.css",
      "css/vendor/kit.css",
      "index.html",
      "js/app.js",
      "js/jquery.js",
      "js/lodash.js",
      "js/shop/cart.js",
      "js/shop/late.js",
      "kit.html",
    ]);
  });

  test("a source map leads from the one line of CSS to the part it was written in", () => {
    const map = JSON.parse(objects[keyOf(/^css\/app-.*\.css\.map$/)] ?? "") as { sources: string[] };
    expect(map.sources).toEqual(
      expect.arrayContaining(["css/_brand.scss", "../node_modules/bootstrap/scss/_reboot.scss"]),
    );
  });

  test("every manifest names files that were published, and none else", () => {
    const [json, vite, mix, django, sprockets, propshaft] = [
      ".manifest.json",
      ".vite/manifest.json",
      "mix-manifest.json",
      "staticfiles.json",
      readdirSync(output("")).find((name) => /^\.sprockets-manifest-\w+\.json$/.test(name)) ?? "",
      "manifest.json",
    ].map((name) => readFileSync(output(name), "utf8"));
    const icon = keyOf(/^icons\/bag-[0-9a-f]{12}\.svg$/);
    for (const text of [json, vite, mix, django, sprockets, propshaft]) {
      const named = [...(text ?? "").matchAll(/"([^"]*-[0-9a-f]{12}\.\w+)"/g)].map(([, name = ""]) => name);
      const lost = named.map((name) => name.replace(/^\//, "")).filter((name) => !(name in objects));
      expect(lost).toEqual([]);
      expect(named.map((name) => name.replace(/^\//, ""))).toContain(icon);
    }
  });

  test("what browsers and caches need is told with every object", async () => {
    const app = keyOf(/^css\/app-[0-9a-f]{12}\.css$/);
    const told = await Promise.all(
      [app, `${app}.br`, keyOf(/bootstrap-icons-.*\.woff2$/), "index.html"].map(async (key) => {
        const { contentType, cacheControl, contentEncoding } = (await shop.store.details(key)) ?? {};
        return [contentType, cacheControl, contentEncoding];
      }),
    );
    const forEver = "public, max-age=31536000, immutable";
    expect(told).toEqual([
      ["text/css; charset=utf-8", forEver, undefined],
      ["text/css; charset=utf-8", forEver, "br"],
      ["font/woff2", forEver, undefined],
      ["text/html; charset=utf-8", "no-cache", undefined],
    ]);
  });

  test("the page works in Chromium: nothing is missing and the console is clean", async () => {
    const page = await openPage(`${shop.cdn.origin}/index.html`, "report.late !== undefined");
    try {
      expect(await page.evaluate("report")).toEqual({
        total: 6,
        jquery: "4.0.0",
        chunk: [
          [1, 2],
          [3, 4],
        ],
        late: "loaded late",
      });
      expect(await page.evaluate(useOfJquery)).toEqual([
        "<b>one</b><b>two</b>",
        2,
        "clicked two",
        404,
        "rgb(10, 125, 91)",
      ]);
      const fonts = `document.fonts.ready.then((fonts) => [...fonts].filter((font) => font.status === "loaded").map((font) => font.family.replaceAll('"', "")).sort())`;
      expect(await page.evaluate(fonts)).toEqual(["Inter", "bootstrap-icons"]);
      expect(await page.evaluate("document.querySelector('img').naturalWidth")).toBeGreaterThan(0);
      expect(await page.evaluate("frames[0].document.fonts.check('12px \"Glyphicons Halflings\"')")).toBe(
        true,
      );
      // jQuery was asked above to fetch what is not there.
      expect(page.troubles.filter((trouble) => !trouble.includes("/nowhere"))).toEqual([]);
      expect(shop.cdn.missing).toEqual(["/nowhere"]);
    } finally {
      await page.close();
    }
  });

  test("run again, nothing is built or sent", async () => {
    const again = await shop.run({ "source-maps": "publish", precompress: "br", prune: "false" });
    expect([again.code, again.outputs.changed, again.outputs["bytes-uploaded"]]).toEqual([0, "false", "0"]);
    expect(again.log).toContain("not built again");
  });

  test("references are absolute where the files are served from another place", async () => {
    const ran = await shop.run({ "base-url": shop.cdn.origin, "dry-run": "true" });
    expect([ran.code, ran.outputs.result, ran.outputs["assets-url"]]).toEqual([
      0,
      "planned",
      shop.cdn.origin,
    ]);
  });

  test("a dry run writes nothing, here or there", async () => {
    rmSync(output(""), { recursive: true });
    shop.site.write({ "assets/js/new.js": "export const anything = 1;\n" });
    const before = await shop.objects();
    const ran = await shop.run({ "dry-run": "true" });
    expect([ran.code, ran.outputs.result]).toEqual([0, "planned"]);
    expect(Number(ran.outputs["bytes-uploaded"])).toBeGreaterThan(0);
    expect(await shop.objects()).toEqual(before);
    expect(readdirSync(join(shop.site.root, "public"))).toEqual([]);
  });
});

const useOfJquery = `(async () => {
  const box = $("<div>").appendTo("body").html("<b>one</b><b>two</b>");
  let clicked = "";
  box.on("click", "b", (event) => { clicked = "clicked " + $(event.target).text(); });
  box.find("b:last-child").trigger("click");
  const status = await $.get("/nowhere").catch((answer) => answer.status);
  return [box.html(), box.children().length, clicked, status, $(".btn-primary").css("background-color")];
})()`;
