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

  test("publishes what is asked for by name, and tells of other names that begin with a dot", async () => {
    const root = makeTree({
      "assets/.well-known/security.txt": "Contact: x",
      "assets/.htaccess": "x",
      "assets/sub/.secret/x": "x",
      "assets/.gitkeep": "",
      "assets/a.css": "a{}",
    });
    const warnings: string[] = [];
    expect(texts(await build(root, { onWarning: (text) => warnings.push(text) }))).toEqual({
      ".well-known/security.txt": "file",
      "a.css": "a{}",
    });
    expect(warnings).toEqual([expect.stringMatching(/^Not published, .*: \.htaccess and sub\/\.secret$/)]);
  });

  test("what git keeps elsewhere and nobody fetched stops the build, by name", async () => {
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${"0a".repeat(32)}\nsize 4242\n`;
    const root = makeTree({
      ".gitmodules": '[submodule "t"]\n\tpath = assets/theme\n\turl = x\n[submodule "u"]\n\tpath = other\n',
      "assets/img/logo.png": pointer,
      "assets/about.txt": `${pointer}is what a pointer looks like, it has to be said at some length`.repeat(
        20,
      ),
      "assets/a.css": "a{}",
    });
    mkdirSync(join(root, "assets/theme"));
    mkdirSync(join(root, "other"));
    expect((await problemsOf(build(root))).map(({ code, message }) => [code, message])).toEqual([
      [
        "checkout-incomplete",
        "The checkout holds pointers of Git LFS, not the files: img/logo.png; submodules without their files: theme",
      ],
    ]);
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
