import { mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { addFiles, build, makeTree, problemsOf, texts } from "./tree.ts";

const files = {
  "assets/one.scss": "@use 'part';\n.one { color: part.$c }\n",
  "assets/two.scss": "@use 'part';\n.two { color: part.$c }\n",
  "assets/three.scss": ".three { color: blue }\n",
  "assets/_part.scss": "$c: red;\n",
  "assets/four.less": "@import '_vars';\n.four { color: @c }\n",
  "assets/_vars.less": "@c: red;\n",
  "assets/five.js": "console.log( 5 );\n",
  "assets/i.png": "png",
};

function cached(root: string, options: Parameters<typeof build>[1] = {}) {
  return build(root, { cache: join(root, "cache"), minify: true, sourceMaps: true, ...options });
}

describe("the cache", () => {
  test("gives back what is unchanged, the same to the byte, whatever the times of the files", async () => {
    const root = makeTree(files);
    const first = await cached(root);
    utimesSync(join(root, "assets/one.scss"), 1, 1);
    const second = await cached(root);
    expect([first.reused, second.reused, second.tools]).toEqual([0, 5, []]);
    expect(second.files).toEqual(first.files);
  });

  test("builds what a changed part is part of, and nothing else", async () => {
    const root = makeTree(files);
    await cached(root);
    addFiles(root, { "assets/_part.scss": "$c: green;\n" });
    const done: string[] = [];
    const built = await cached(root, {
      onProgress: (count, total, path) => done.push(`${count}/${total} ${path}`),
    });
    expect([built.reused, done]).toEqual([3, ["5/6 one.scss", "6/6 two.scss"]]);
    expect(texts(built)["two.css"]).toBe(".two{color:green}");
    addFiles(root, { "assets/_vars.less": "@c: green;\n" });
    expect((await cached(root)).reused).toBe(4);
  });

  test("is asked anew with other options, tools or browsers", async () => {
    const root = makeTree(files);
    await cached(root);
    expect((await cached(root, { minify: false })).reused).toBe(0);
    await cached(root);
    addFiles(root, { "package.json": '{ "browserslist": ["safari 13"] }' });
    expect((await cached(root)).reused).toBe(1);
    addFiles(root, {
      "node_modules/terser/package.json": '{ "name": "terser", "version": "5.0.1", "main": "i.js" }',
      "node_modules/terser/i.js": "exports.minify = async () => ({ code: 'fake', map: '{\"sources\":[]}' });",
    });
    const built = await cached(root);
    expect([built.reused, texts(built)["five.js"]]).toEqual([4, "fake"]);
  });

  test("is not fooled by a new file that hides an imported one", async () => {
    const root = makeTree({
      "assets/pages/a.scss": "@use 'theme';\n.a { b: theme.$v }\n",
      "assets/pages/b.less": "@import 'theme';\n.a { b: @v }\n",
      "styles/_theme.scss": "$v: far;\n",
      "styles/theme.less": "@v: far;\n",
    });
    const options = { loadPaths: ["styles"] };
    expect(texts(await cached(root, options))).toEqual({
      "pages/a.css": ".a{b:far}",
      "pages/b.css": ".a{b:far}",
    });
    addFiles(root, { "assets/_theme.scss": "$v: near;\n", "assets/pages/theme.less": "@v: near;\n" });
    rmSync(join(root, "assets/pages/theme.less"));
    addFiles(root, { "assets/theme.less": "@v: near;\n" });
    const built = await cached(root, options);
    expect(texts(built)).toEqual({
      "pages/a.css": ".a{b:near}",
      "pages/b.css": ".a{b:near}",
      "theme.css": "",
    });
    addFiles(root, { "assets/pages/theme/_index.scss": "$v: nearest;\n" });
    expect(texts(await cached(root, options))["pages/a.css"]).toBe(".a{b:nearest}");
  });

  test("knows the files that data-uri reads", async () => {
    const root = makeTree({ "assets/a.less": "a { b: data-uri('x.txt') }", "assets/x.txt": "one" });
    await cached(root);
    addFiles(root, { "assets/x.txt": "two" });
    expect(texts(await cached(root))["a.css"]).toContain("two");
  });

  test("tells a deprecation each time", async () => {
    const root = makeTree({ "assets/a.scss": "@import 'b';\n", "assets/_b.scss": "" });
    const told: string[][] = [[], []];
    for (const list of told) {
      await cached(root, { onWarning: (text, place) => list.push(JSON.stringify([text, place])) });
    }
    expect([told[0]?.length, told[1]]).toEqual([1, told[0]]);
  });

  test("remembers no fault", async () => {
    const root = makeTree({ "assets/a.scss": "a {" });
    await problemsOf(cached(root));
    expect((await problemsOf(cached(root))).length).toBe(1);
  });

  test("that is damaged anywhere is no cache, and no error", async () => {
    const root = makeTree(files);
    const first = await cached(root);
    const objects = join(root, "cache/build/objects");
    for (const name of readdirSync(objects)) writeFileSync(join(objects, name), "other");
    const second = await cached(root);
    expect([second.reused, second.files]).toEqual([0, first.files]);
    const [index = ""] = readdirSync(join(root, "cache/build")).filter((name) => name.endsWith(".json"));
    const path = join(root, "cache/build", index);
    writeFileSync(path, readFileSync(path, "utf8").replace('"before":', '"before":9'));
    expect((await cached(root)).reused).toBe(0);
    expect((await cached(root)).reused).toBe(5);
  });

  test("that cannot be written is no error", async () => {
    const root = makeTree({ ...files, cache: "a file, not a folder" });
    expect((await cached(root)).reused).toBe(0);
  });

  test("holds what the last build made, and nothing older", async () => {
    const root = makeTree({ "assets/a.js": "a( 1 );", "assets/b.js": "b( 1 );" });
    await cached(root, { sourceMaps: false });
    addFiles(root, { "assets/a.js": "a( 2 );" });
    await cached(root, { sourceMaps: false });
    rmSync(join(root, "assets/b.js"));
    await cached(root, { sourceMaps: false });
    const objects = join(root, "cache/build/objects");
    expect(readdirSync(objects).map((name) => readFileSync(join(objects, name), "utf8"))).toEqual(["a(2);"]);
  });

  test("serves a repository that lies elsewhere", async () => {
    const [one, two] = [makeTree(files), makeTree(files)];
    mkdirSync(join(two, "cache"));
    await build(one, { cache: join(two, "cache"), minify: true });
    expect((await build(two, { cache: join(two, "cache"), minify: true })).reused).toBe(5);
  });
});
