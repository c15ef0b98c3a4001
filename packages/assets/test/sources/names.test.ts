import { describe, expect, test } from "@jest/globals";
import { isMinified, isPartial, kindOf, languageOf } from "../../src/sources/kind.ts";
import { checkName, printable } from "../../src/sources/refusals.ts";
import { listTasks } from "../../src/sources/tasks.ts";

describe("a file's kind", () => {
  test.each([
    ["a/b.scss", "css", "scss"],
    ["a.sass", "css", "sass"],
    ["a.less", "css", "less"],
    ["a.b.CSS", "css", "css"],
    ["a.mjs", "js", "js"],
    ["a.HTM", "html", "html"],
    ["a.svg", "svg", "svg"],
    ["a.woff2", "font", "copy"],
    ["a.jpeg", "image", "copy"],
    ["a.css.map", "map", "copy"],
    ["a.webmanifest", "other", "copy"],
    ["LICENSE", "other", "copy"],
    ["x.css/LICENSE", "other", "copy"],
  ])("of %s is %s, made as %s", (path, kind, language) => {
    expect([kindOf(path), languageOf(path)]).toEqual([kind, language]);
  });

  test("is a part only where a language has parts", () => {
    const paths = [
      "_a.scss",
      "a.scss",
      "_a/b.less",
      "a/_b.sass",
      "_a.css",
      "_a.js",
      "_img/a.png",
      "a_b.scss",
    ];
    expect(paths.filter(isPartial)).toEqual(["_a.scss", "_a/b.less", "a/_b.sass"]);
  });

  test("is minified by its name", () => {
    const paths = ["a.min.js", "a.min.css", "a.MIN.mjs", "min.js", "a.min.scss", "a.min.js.map"];
    expect(paths.filter(isMinified)).toEqual(["a.min.js", "a.min.css", "a.MIN.mjs"]);
  });
});

describe("a name", () => {
  test.each(["a..b.css", "..a", "a/b c.css", "ü.css", "%2e%2e/a", "a\u200b.css"])("%j is fine", (name) => {
    expect(checkName(name)).toBeUndefined();
  });

  test.each([
    ["a/../b", 'The name has ".." as a part'],
    ["..", 'The name has ".." as a part'],
    ["a\nb", "The name holds a control character"],
    ["a\0b", "The name holds a control character"],
    ["a\u007f", "The name holds a control character"],
    ["a\u0085", "The name holds a control character"],
    ["a\\b", "The name holds a backslash"],
  ])("%j is refused", (name, message) => {
    expect(checkName(name)).toMatchObject({ code: "asset-name", message, place: { file: printable(name) } });
  });
});

describe("the tasks", () => {
  const file = (path: string) => ({ path, absolute: `/x/${path}`, size: 1 });

  test("are sorted by the bytes of their targets", () => {
    const { tasks, problems } = listTasks(["b.css", "a/z.scss", "a-b.js", "_p.less", "ä.css"].map(file));
    expect([tasks.map(({ target }) => target), problems]).toEqual([
      ["a-b.js", "a/z.css", "b.css", "ä.css"],
      [],
    ]);
  });

  test("of one name in two forms of Unicode clash", () => {
    const { problems } = listTasks(["\u00e4.css", "a\u0308.css"].map(file));
    expect(problems.map(({ code }) => code)).toEqual(["asset-clash"]);
  });
});
