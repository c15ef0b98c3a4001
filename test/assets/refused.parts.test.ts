import { rmSync } from "node:fs";
import { join } from "node:path";
import { needs } from "@deploy/testkit";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { openShop, type Shop } from "./published.ts";

needs("versitygw")("what cannot be built is not published", () => {
  let shop: Shop;
  const fast = { cache: "false", prune: "false" };

  beforeAll(async () => {
    shop = await openShop();
    // Small: what is refused here does not depend on the size of the tree.
    rmSync(join(shop.site.root, "assets"), { recursive: true });
    shop.site.write(good);
  });

  const good = {
    "assets/css/app.scss": '@use "part";\nbody { color: part.$color; }\n',
    "assets/css/_part.scss": "$color: red;\n",
    "assets/css/shop.less": "@color: red;\nbody { color: @color; }\n",
    "assets/css/plain.css": "a { color: red }\n",
    "assets/js/app.js": "export const one = 1;\n",
  };

  afterAll(() => shop?.close());

  const faults: readonly (readonly [string, string, string, { line: string; col: string }])[] = [
    ["Sass", "assets/css/_part.scss", "$color: red;\n$other: ;\n", { line: "2", col: "9" }],
    ["Less", "assets/css/shop.less", "@color: red;\nbody { color: @colour; }\n", { line: "2", col: "15" }],
    [
      "JavaScript",
      "assets/js/app.js",
      "export const one = 1;\nexport const = 2;\n",
      { line: "2", col: "14" },
    ],
  ];

  test.each(faults)("a fault of %s is annotated where it is", async (_, file, text, place) => {
    shop.site.write({ [file]: text });
    const ran = await shop.run(fast).finally(() => shop.site.write(good));
    const errors = ran.annotations.filter(({ level }) => level === "error");
    expect([ran.code, ran.outputs.result, errors.length]).toEqual([1, "failed", 1]);
    expect(errors[0]?.properties).toEqual({ title: "asset-syntax", file, ...place });
    expect(ran.log).toContain(text.split("\n")[1]);
    expect(await shop.objects()).toEqual({});
  });

  test("a missing folder is one error that names it", async () => {
    const ran = await shop.run({ ...fast, source: "web/assets" });
    const errors = ran.annotations.map(({ level, properties, message }) => [
      level,
      properties.title,
      message,
    ]);
    expect(ran.code).toBe(1);
    expect(errors).toEqual([["error", "assets-missing", expect.stringContaining("web/assets")]]);
    expect(await shop.objects()).toEqual({});
  });

  test("a reference to nothing is told, at its place in the source", async () => {
    shop.site.write({ "assets/css/plain.css": "a { color: red }\nb { background: url(../nowhere.png) }\n" });
    const ran = await shop.run({ ...fast, "dry-run": "true" });
    expect([ran.code, ran.annotations.map(({ level, message }) => [level, message])]).toEqual([
      0,
      [["warning", expect.stringContaining("../nowhere.png")]],
    ]);
  });
});
