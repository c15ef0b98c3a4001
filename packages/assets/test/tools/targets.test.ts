import { describe, expect, test } from "@jest/globals";
import { findInstalled, projectFolders } from "../../src/tools/project.ts";
import { toTargets } from "../../src/tools/targets.ts";
import { makeTree } from "../build/tree.ts";

describe("targets", () => {
  test("are the oldest version of each browser that lightningcss knows", () => {
    const browsers = [
      "chrome 120",
      "and_chr 95",
      "ios_saf 15.2-15.3",
      "safari TP",
      "op_mini all",
      "samsung 4",
      "kaios 3.1",
    ];
    expect(toTargets(browsers)).toEqual({
      chrome: 95 << 16,
      ios_saf: (15 << 16) | (2 << 8),
      samsung: 4 << 16,
    });
  });

  test("of nothing known are none", () => expect(toTargets(["", "netscape 4", "ie"])).toEqual({}));
});

describe("the project's folders", () => {
  test("lead from the source folder up to the repository, and no further", () => {
    expect(projectFolders("/r", "/r/web/assets")).toEqual(["/r/web/assets", "/r/web", "/r"]);
    expect(projectFolders("/r", "/r")).toEqual(["/r"]);
    expect(projectFolders("/r", "/elsewhere/assets")).toEqual(["/r"]);
    expect(projectFolders("/r", "/r/..assets")).toEqual(["/r/..assets", "/r"]);
  });

  test("hold a package where its package.json says so, whatever else lies there", () => {
    const root = makeTree({
      "package.json": "not json",
      "web/package.json": '{ "dependencies": { "two": "*" } }',
      "web/node_modules/broken/package.json": "{",
      "web/node_modules/none/package.json": '{ "name": "none" }',
      "node_modules/one/package.json": '{ "version": "1.0.0" }',
      "node_modules/two/package.json": '{ "version": "2.0.0" }',
    });
    const folders = [`${root}/web`, root];
    expect(["one", "two", "none", "broken", "gone"].map((name) => findInstalled(folders, name))).toEqual([
      { version: "1.0.0", base: root, declared: false },
      { version: "2.0.0", base: root, declared: true },
      undefined,
      undefined,
      undefined,
    ]);
  });
});
