import { createHash } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import { built, write } from "../output/tree.ts";

const hash = (text: string | Buffer) => createHash("sha256").update(text).digest("hex").slice(0, 12);

describe("names", () => {
  test("the hash of the final bytes stands before the last extension", async () => {
    const { names, texts } = await write({
      "css/app.css": "a{b:url(../img/x.png)}",
      "img/x.png": "png",
      "js/app.min.js": "1",
      LICENSE: "free",
    });
    const png = `img/x-${hash("png")}.png`;
    const css = `a{b:url(../img/x-${hash("png")}.png)}`;
    expect(names).toEqual({
      "css/app.css": `css/app-${hash(css)}.css`,
      "img/x.png": png,
      "js/app.min.js": `js/app.min-${hash("1")}.js`,
      LICENSE: `LICENSE-${hash("free")}`,
    });
    expect(texts[`css/app-${hash(css)}.css`]).toBe(css);
  });

  test("what a name is known by keeps it", async () => {
    const kept = [
      "index.html",
      "sub/page.htm",
      "robots.txt",
      "favicon.ico",
      "app.webmanifest",
      "sw.js",
      "service-worker.js",
      ".well-known/x.json",
      "sitemap.xml",
      "apple-touch-icon.png",
      "manifest.json",
    ];
    const { names, index } = await write(Object.fromEntries(kept.map((path) => [path, "{}"])));
    expect(names).toEqual(Object.fromEntries(kept.map((path) => [path, path])));
    expect(index.files.filter((file) => file.immutable)).toEqual([]);
  });

  test("none leaves every name, and nothing is for ever", async () => {
    const { names, index } = await write(
      { "a.css": "a{b:url(b.png)}", "b.png": "x" },
      { fingerprint: "none" },
    );
    expect(names).toEqual({ "a.css": "a.css", "b.png": "b.png" });
    expect(index.files.map((file) => file.immutable)).toEqual([false, false]);
  });
});

describe("references", () => {
  test("query and fragment stay, and so does all that is no file of ours", async () => {
    const css =
      "@font-face{src:url( 'f.eot?#iefix' ),url(\"f.eot\")}a{b:url(s.svg#i),url(data:x),url(https://h/f.eot),url(#x),url(/nowhere.png)}";
    const { texts, names, warnings } = await write({ "a.css": css, "f.eot": "f", "s.svg": "<svg/>" });
    const [font, sprite] = [names["f.eot"], names["s.svg"]];
    expect(texts[names["a.css"] ?? ""]).toBe(
      css.replace("'f.eot", `'${font}`).replace('"f.eot', `"${font}`).replace("s.svg#i", `${sprite}#i`),
    );
    expect(warnings).toEqual([]);
  });

  test("hostile names: percent, spaces, quotes, unicode; written so that nothing needs an escape", async () => {
    const files = {
      "a b.png": "1",
      "100%.png": "2",
      "it's.png": "3",
      "ü.png": "4",
      'q".png': "5",
      "a+b@2x.png": "6",
    };
    const css = `a{b:url("a b.png"),url(a%20b.png),url(100%25.png),url("it's.png"),url('it\\'s.png'),url(ü.png),url(%C3%BC.png),url('q".png'),url(a+b@2x.png)}`;
    const { texts, names, warnings } = await write({ ...files, "a.css": css });
    const url = (path: string) =>
      encodeURIComponent(names[path] ?? "")
        .replaceAll("'", "%27")
        .replace("%40", "@");
    const q = '"';
    expect(texts[names["a.css"] ?? ""]).toBe(
      `a{b:url("${url("a b.png")}"),url(${url("a b.png")}),url(${url("100%.png")}),url("${url("it's.png")}"),url('${url("it's.png")}'),url(${url("ü.png")}),url(${url("ü.png")}),url('${url(`q${q}.png`)}'),url(${url("a+b@2x.png")})}`,
    );
    expect(warnings).toEqual([]);
  });

  test("an absolute reference into the tree: relative in style sheets and scripts, absolute in documents", async () => {
    const { texts, names } = await write({
      "css/a.css": "a{b:url(/img/x.png)}",
      "js/a.js": 'import "/js/b.js";import "/lib/c.js"',
      "js/b.js": "1",
      "lib/c.js": "1",
      "img/x.png": "x",
      "index.html": "<img src=/img/x.png><link rel=stylesheet href='/css/a.css'>",
    });
    expect(texts[names["css/a.css"] ?? ""]).toBe(`a{b:url(../${names["img/x.png"]})}`);
    expect(texts[names["js/a.js"] ?? ""]).toBe(
      `import "./${names["js/b.js"]?.slice(3)}";import "../${names["lib/c.js"]}"`,
    );
    expect(texts["index.html"]).toBe(
      `<img src=/${names["img/x.png"]}><link rel=stylesheet href='/${names["css/a.css"]}'>`,
    );
  });

  test("the base URL stands in documents, before what is no document, and never in SVG's use", async () => {
    const { texts, names } = await write(
      {
        "css/a.css": "a{b:url(../x.png),url(/shop/x.png)}",
        "x.png": "x",
        "s.svg": "<svg/>",
        "two.html": "",
        "index.html":
          "<link rel=stylesheet href=css/a.css><img src='/shop/x.png?v'><a href=two.html>2</a><use href=s.svg#i />",
      },
      { baseUrl: "https://cdn.example.com/shop/" },
    );
    expect(texts[names["css/a.css"] ?? ""]).toBe(`a{b:url(../${names["x.png"]}),url(../${names["x.png"]})}`);
    const base = "https://cdn.example.com/shop";
    expect(texts["index.html"]).toBe(
      `<link rel=stylesheet href=${base}/${names["css/a.css"]}><img src='${base}/${names["x.png"]}?v'><a href=two.html>2</a><use href=${names["s.svg"]}#i />`,
    );
  });

  test("a document's base is obeyed", async () => {
    const files = { "img/x.png": "x", "sub/a.html": "<base href='/'><img src=img/x.png>" };
    const mounted = "<base href='/app/'><img src=img/x.png>";
    const foreign = "<base href='https://h/'><img src=img/x.png>";
    const { texts, names } = await write({ ...files, "sub/b.html": mounted, "sub/c.html": foreign });
    expect(texts["sub/a.html"]).toBe(`<base href='/'><img src=${names["img/x.png"]}>`);
    expect(texts["sub/b.html"]).toBe(`<base href='/app/'><img src=${names["img/x.png"]}>`);
    expect(texts["sub/c.html"]).toBe(foreign);
  });

  test("bytes that are no UTF-8, and a byte order mark, stay", async () => {
    const css = Buffer.concat([Buffer.from("/*\xe9*/", "latin1"), Buffer.from("a{b:url(x.png)}")]);
    const file = { ...built("a.css", ""), contents: { kind: "bytes", bytes: css } as const };
    const { names, index } = await write([
      file,
      built("x.png", "x"),
      built("b.css", "\ufeffa{b:url(x.png)}"),
    ]);
    const expected = Buffer.concat([css.subarray(0, 5), Buffer.from(`a{b:url(${names["x.png"]})}`)]);
    expect(index.files.find((each) => each.logical === "a.css")?.sha256).toBe(
      createHash("sha256").update(expected).digest("hex"),
    );
    expect(names["b.css"]).toBe(`b-${hash(`\ufeffa{b:url(${names["x.png"]})}`)}.css`);
  });

  test("an integrity that stands in a document tells of the final bytes, also where the name stays", async () => {
    const { texts, names, index } = await write({
      "index.html":
        "<script src=sw.js integrity=old></script><link rel=stylesheet href=a.css integrity='sha256-x'><script src=https://h/x.js integrity=sha384-theirs></script>",
      "sw.js": "import './b.js'",
      "b.js": "1",
      "a.css": "a{}",
    });
    const integrity = (path: string) => index.files.find((file) => file.logical === path)?.integrity;
    expect(texts["index.html"]).toBe(
      `<script src=sw.js integrity=${integrity("sw.js")}></script><link rel=stylesheet href=${names["a.css"]} integrity='${integrity("a.css")}'><script src=https://h/x.js integrity=sha384-theirs></script>`,
    );
  });
});
