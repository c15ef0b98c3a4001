import { describe, expect, test } from "@jest/globals";
import { matcher } from "../../src/fingerprint/globs.ts";
import { write } from "../output/tree.ts";

const auto = { fingerprint: "auto", place: "/assets" } as const;

/** Paths that are written as people named them. */
async function plain(files: Readonly<Record<string, string>>, options = {}) {
  const { index, warnings } = await write(files, { ...auto, ...options });
  const paths = new Set(index.files.map(({ path }) => path));
  const kept = index.files.flatMap(({ logical, path, immutable }) => {
    return logical === path ? [`${path}${immutable ? " for ever" : ""}`] : [];
  });
  const both = kept.filter((path) => index.files.some((file) => file.logical === path && file.immutable));
  return { kept, both, warnings, paths };
}

describe("names that are put together at run time", () => {
  test("begin as a string of a script does: such files lie under both names", async () => {
    const files = {
      "i18n/de.json": "{}",
      "i18n/en.json": "{}",
      "js/app.js": 'fetch("/assets/i18n/" + lang + ".json")',
      "img/a.png": "1",
    };
    const { kept, both, warnings } = await plain(files);
    expect(kept).toEqual(["i18n/de.json", "i18n/en.json"]);
    expect(both).toEqual(kept);
    expect(warnings).toEqual([
      'js/app.js: It puts names together that begin with "assets/i18n/", so such files lie under their own names too',
    ]);
  });

  test("of an editor lie below its own folder, and it looks for itself", async () => {
    const files = {
      "vendor/edit/edit.min.js": "find(/edit(\\.full|)(\\.min|)\\.js/);load(`skins/$\u007bname}/skin.css`)",
      "vendor/edit/skins/dark/skin.css": "a{b:c}",
      "vendor/edit/icons/plain.js": "1",
      "vendor/edit/themes/t/t.js": "load(`$\u007bbase}/icons/$\u007bname}.js`)",
      "skins/other.css": "",
      "index.html": '<script src="vendor/edit/edit.min.js"></script>',
    };
    const { kept, both } = await plain(files);
    expect(kept).toEqual([
      "index.html",
      "skins/other.css",
      "vendor/edit/edit.min.js",
      "vendor/edit/icons/plain.js",
      "vendor/edit/skins/dark/skin.css",
    ]);
    expect(both).toEqual([
      "skins/other.css",
      "vendor/edit/icons/plain.js",
      "vendor/edit/skins/dark/skin.css",
    ]);
  });

  test("of a map's markers are found by the name alone, below the script", async () => {
    const files = {
      "map/map.js": 'icon("marker.png");find(\'link[href$="map.css"]\')',
      "map/map.css": "a{b:url(images/marker.png)}",
      "map/images/marker.png": "1",
      "other/marker.png": "2",
    };
    const { kept, both } = await plain(files);
    expect([kept, both]).toEqual([["map/images/marker.png", "map/map.css"], []]);
  });

  test("stand in a page's own scripts too; its modules are read", async () => {
    const page =
      '<script>show("/assets/img/a.png")</script><script type="module">import "./js/m.js"</script><img src="img/b.png">';
    const { kept } = await plain({ "p.html": page, "img/a.png": "1", "img/b.png": "2", "js/m.js": "" });
    expect(kept).toEqual(["img/a.png", "p.html"]);
  });

  test("that nobody here can know are told by patterns", async () => {
    const files = { "img/mail-logo.png": "1", "img/b.png": "2", "lib/x/y.js": "1" };
    const { kept } = await plain(files, { keep: ["img/mail-*.png", "lib/"] });
    expect(kept).toEqual(["img/mail-logo.png", "lib/x/y.js"]);
  });
});

describe("addresses from the root", () => {
  const css = "a{b:url(/assets/img/a.png) url(/img/a.png) url(/img/gone.png)}";
  const files = { "css/a.css": css, "img/a.png": "1" };

  test("are looked for where the tree is served; one that misses it is told at its line", async () => {
    const { texts, names, warnings } = await write(files, auto);
    const made = texts[names["css/a.css"] ?? ""];
    expect(made).toBe(`a{b:url(../${names["img/a.png"]}) url(/img/a.png) url(/img/gone.png)}`);
    expect(warnings).toEqual([
      'css/a.css:1:32: "/img/a.png" keeps pointing there, and "img/a.png" of the tree is served below "/assets": write it relative, or name base-url',
    ]);
  });

  test("are looked for at the root where nobody knows", async () => {
    const { texts, names } = await write(files, { fingerprint: "auto" });
    const made = texts[names["css/a.css"] ?? ""];
    expect(made).toBe(`a{b:url(/assets/img/a.png) url(../${names["img/a.png"]}) url(/img/gone.png)}`);
  });
});

test.each([
  ["a/*.png", ["a/b.png"], ["a/b/c.png", "a/b.pngx", "xa/b.png"]],
  ["**/*.png", ["b.png", "a/b/c.png"], ["b.gif"]],
  ["lib/", ["lib/a", "lib/a/b"], ["lib", "mylib/a"]],
  ["./a?.(x)", ["ab.(x)"], ["a/.(x)", "abb.(x)"]],
])("the pattern %s", (pattern, yes, no) => {
  const matches = matcher([pattern]);
  expect([yes.map(matches), no.map(matches)]).toEqual([yes.map(() => true), no.map(() => false)]);
});
