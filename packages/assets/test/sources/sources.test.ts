import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { build, makeTree, placesOf, problemsOf, texts } from "../build/tree.ts";

describe("the source tree", () => {
  test("gives its entry points: no parts, no dot files, no node_modules", async () => {
    const root = makeTree({
      "assets/a.scss": "a{b:c}",
      "assets/_part.scss": "x",
      "assets/_parts/b.less": "x",
      "assets/_img/i.png": "png",
      "assets/.hidden/c.css": "x",
      "assets/.env": "x",
      // Which files Vite has named by their content already.
      "assets/.vite/manifest.json": "{}",
      "assets/node_modules/x/d.css": "x",
      "assets/B.CSS": "b{}",
    });
    expect(texts(await build(root))).toEqual({
      "a.css": "a {\n  b: c;\n}\n",
      "B.CSS": "b{}",
      "_img/i.png": "file",
      ".vite/manifest.json": "file",
    });
  });

  test("is an error where it is missing, no folder, empty or nothing but parts", async () => {
    const root = makeTree({ "file/x": "", "parts/_a.scss": "" });
    mkdirSync(join(root, "empty"));
    const messages = async (name: string) =>
      (await problemsOf(build(root, { source: join(root, name) }))).map(({ code, message }) => [
        code,
        message,
      ]);
    expect([
      ...(await messages("gone")),
      ...(await messages("file/x")),
      ...(await messages("empty")),
      ...(await messages("parts")),
    ]).toEqual([
      ["assets-missing", `The folder of the assets, ${root}/gone, does not exist`],
      ["assets-missing", `The folder of the assets, ${root}/file/x, is no folder`],
      ["assets-empty", `The folder of the assets, ${root}/empty, holds no file`],
      ["assets-empty", `The folder of the assets, ${root}/parts, holds only parts: 1 files below a "_"`],
    ]);
  });

  test("refuses hostile names and links, all at once, and prints nothing of them raw", async () => {
    const root = makeTree({ "assets/fine.css": "", "secret.css": "", "assets/in/x.css": "" });
    const at = (name: string) => join(root, "assets", name);
    writeFileSync(at("new\nline.css"), "");
    writeFileSync(at("back\\slash.css"), "");
    writeFileSync(at("esc\u001b[31m.css"), "");
    writeFileSync(Buffer.concat([Buffer.from(at("bad")), Buffer.from([0xff])]), "");
    symlinkSync("../secret.css", at("out.css"));
    symlinkSync("/etc/passwd", at("absolute.css"));
    symlinkSync("nowhere.css", at("dangling.css"));
    symlinkSync("..", at("in/loop"));
    expect([...(await placesOf(build(root)))].sort()).toEqual([
      "asset-name back\\\\slash.css",
      "asset-name bad\u00ff",
      "asset-name esc\\u001b[31m.css",
      "asset-name new\\nline.css",
      "link-refused absolute.css",
      "link-refused dangling.css",
      "link-refused in/loop",
      "link-refused out.css",
    ]);
  });

  test("follows links that stay inside", async () => {
    const root = makeTree({ "assets/a/x.css": "x{}" });
    symlinkSync("a", join(root, "assets/b"));
    symlinkSync("a/x.css", join(root, "assets/y.css"));
    expect(texts(await build(root))).toEqual({ "a/x.css": "x{}", "b/x.css": "x{}", "y.css": "x{}" });
  });

  test("refuses two sources of one target, and two names that differ in case only", async () => {
    const root = makeTree({
      "assets/app.css": "",
      "assets/app.scss": "",
      "assets/Logo.png": "",
      "assets/logo.png": "",
    });
    expect((await problemsOf(build(root))).map(({ code, message }) => `${code}: ${message}`)).toEqual([
      'asset-clash: "app.css" and "app.scss" would both become "app.css"',
      'asset-clash: "Logo.png" and "logo.png" would be one file where case or Unicode form does not count',
    ]);
  });

  test("passes names on that only look odd", async () => {
    const root = makeTree({ "assets/[...slug].js": "a()", "assets/ü b.css": "a{}", "assets/%2e.txt": "" });
    expect(Object.keys(texts(await build(root)))).toEqual(["%2e.txt", "[...slug].js", "ü b.css"]);
  });
});
