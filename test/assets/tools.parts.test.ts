import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { createContext, runInContext } from "node:vm";
import { type Built, buildAssets } from "@deploy/assets";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { openSite, type Site } from "./fixtures.ts";

let site: Site;
let plain: Built;

const build = (minify: boolean) =>
  buildAssets({
    ...{ root: site.root, source: join(site.root, "assets"), loadPaths: [] },
    ...{ minify, sourceMaps: false, html: false },
  });

beforeAll(async () => {
  site = openSite();
  plain = await build(false);
});

afterAll(() => site?.close());

function textOf({ files }: Built, path: string): string {
  const contents = files.find((file) => file.path === path)?.contents;
  if (contents?.kind !== "bytes") throw new Error(`${path} was not made`);
  return Buffer.from(contents.bytes).toString("utf8");
}

/** What the tool's own command line prints, with the fixtures' versions, which are ours. */
function ask(tool: "sass" | "lessc", ...args: readonly string[]): string {
  const program = join(site.packages, ".bin", tool);
  return execFileSync(program, args, { cwd: site.root, encoding: "utf8", stdio: "pipe" });
}

test("Bootstrap's Sass becomes what the sass command makes of it", () => {
  const theirs = ask("sass", "--no-source-map", "--quiet", "--load-path=node_modules", "assets/css/app.scss");
  expect(theirs.length).toBeGreaterThan(200_000);
  expect(textOf(plain, "css/app.css")).toBe(theirs);
});

test("Bootstrap 3's Less becomes what the lessc command makes of it", () => {
  const theirs = ask("lessc", "--include-path=node_modules", "assets/css/vendor/kit.less");
  expect(theirs.length).toBeGreaterThan(100_000);
  expect(textOf(plain, "css/vendor/kit.css")).toBe(theirs);
});

test("these were the tools in the bundle, of the fixtures' versions", () => {
  const versions = ["less", "sass"].map(
    (name) => `${name} ${ask(name === "less" ? "lessc" : "sass", "--version")}`,
  );
  const used = plain.tools.filter(({ name }) => ["less", "sass"].includes(name));
  expect(used.map(({ from }) => from)).toEqual(["bundled", "bundled"]);
  for (const [index, { name, version }] of used.entries()) {
    expect(versions[index]).toContain(version);
    expect(versions[index]).toContain(name);
  }
});

/** A use of many parts of lodash: templates evaluate code, chains are lazy, `curry` counts arguments. */
const useOfLodash = `JSON.stringify([
  _.VERSION,
  _.chunk(_.range(10), 3),
  _([3, 1, 2]).map((one) => one * 2).filter((one) => one > 2).sortBy().value(),
  _.template("<b><%- name %></b><% _.times(2, (n) => { %><i><%= n %></i><% }) %>")({ name: "<me>" }),
  _.curry((a, b, c) => a + b + c)(1)(2)(3),
  _.merge({ a: [{ b: 2 }] }, { a: [{ c: 3 }, { d: 4 }] }),
  _.groupBy(["one", "two", "three"], "length"),
  _.isEqual(_.cloneDeep({ a: new Map([[1, new Set([2])]]) }), { a: new Map([[1, new Set([2])]]) }),
  _.camelCase("--foo-bar--"), _.deburr("déjà vu"), _.words("fred, barney, & pebbles"), _.kebabCase("fooBar"),
  _.get({ a: [{ b: { c: 3 } }] }, "a[0].b.c"), _.unzip(_.zip([1, 2], [3, 4])), _.partition([1, 2, 3], (n) => n % 2),
  Object.keys(_).sort(),
])`;

test("minified lodash does what lodash does", async () => {
  const small = textOf(await build(true), "js/lodash.js");
  const large = textOf(plain, "js/lodash.js");
  expect(small.length).toBeLessThan(large.length / 5);
  const use = (code: string) => {
    const context = createContext({});
    runInContext(code, context);
    return JSON.parse(runInContext(useOfLodash, context)) as unknown;
  };
  expect(use(small)).toEqual(use(large));
});
