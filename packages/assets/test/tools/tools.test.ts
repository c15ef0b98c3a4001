import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { bundled } from "../../src/tools/table.ts";
import { build, makeTree, problemsOf, texts } from "../build/tree.ts";

const fakeLess = `module.exports = { FileManager: class {}, async render(text, o) {
  return { css: "/* fake " + text.trim() + " */", imports: [] } } };`;

function withPackage(name: string, version: string, code: string, declared = true): Record<string, string> {
  return {
    "package.json": JSON.stringify({ devDependencies: declared ? { [name]: version } : {} }),
    [`node_modules/${name}/package.json`]: JSON.stringify({ name, version, main: "index.js" }),
    [`node_modules/${name}/index.js`]: code,
  };
}

test("the versions told of ours are those of package.json", () => {
  const packageJson = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  const wanted: Record<string, string> = JSON.parse(packageJson).dependencies;
  const told = Object.values(bundled).map(({ name, version }) => [name, version]);
  const real = told.map(([name = ""]) => [
    name,
    wanted[name === "lightningcss" ? "lightningcss-wasm" : name],
  ]);
  expect(told).toEqual(real);
});

describe("a tool of the project", () => {
  test("wins over ours, and the result says so", async () => {
    const root = makeTree({ "assets/a.less": "x", ...withPackage("less", "4.1.0", fakeLess) });
    const built = await build(root);
    expect(texts(built)).toEqual({ "a.css": "/* fake x */" });
    expect(built.tools).toEqual([{ name: "less", version: "4.1.0", from: "project", files: 1 }]);
  });

  test("is found beside the package that uses it", async () => {
    const files = Object.entries(withPackage("less", "4.1.0", fakeLess));
    const root = makeTree({
      "web/assets/a.less": "x",
      ...Object.fromEntries(files.map(([path, text]) => [`web/${path}`, text])),
    });
    expect(texts(await build(root, { source: `${root}/web/assets` }))).toEqual({ "a.css": "/* fake x */" });
  });

  test("esbuild minifies scripts where it is there", async () => {
    const code = `exports.transform = async (code, o) => ({ code: "/* " + JSON.stringify(o) + " */", map: "" });`;
    const root = makeTree({ "assets/a.js": "export {}", ...withPackage("esbuild", "0.25.0", code) });
    const built = await build(root, { minify: true });
    expect(texts(built)["a.js"]).toBe(
      '/* {"loader":"js","minify":true,"format":"esm","legalComments":"inline","logLevel":"silent","sourcefile":"a.js","sourcemap":false} */',
    );
    expect(built.tools).toEqual([{ name: "esbuild", version: "0.25.0", from: "project", files: 1 }]);
  });

  test("of a version we cannot drive is an error if the project asks for it", async () => {
    const root = makeTree({ "assets/a.less": "x", ...withPackage("less", "2.7.3", fakeLess) });
    expect((await problemsOf(build(root))).map(({ code, message }) => [code, message])).toEqual([
      ["tool-refused", "The project has less 2.7.3, not 3.0 or newer, below 5.0"],
    ]);
  });

  test("of such a version that merely lies there is passed over, and told", async () => {
    const root = makeTree({ "assets/a.less": "a{b:c}", ...withPackage("less", "2.7.3", fakeLess, false) });
    const warnings: string[] = [];
    const built = await build(root, { onWarning: (text) => warnings.push(text) });
    expect([texts(built), warnings]).toEqual([
      { "a.css": "a {\n  b: c;\n}\n" },
      ["less 2.7.3 of node_modules is not 3.0 or newer, below 5.0: passed over"],
    ]);
  });

  test("that package.json asks for and nobody installed is told before ours is used", async () => {
    const asked = { devDependencies: { less: "^4", esbuild: "1" }, optionalDependencies: { svgo: "4" } };
    const root = makeTree({ "assets/a.less": "a{b:c}", "package.json": JSON.stringify(asked) });
    const warnings: string[] = [];
    const built = await build(root, { onWarning: (text) => warnings.push(text) });
    expect(built.tools).toEqual([{ ...bundled.less, from: "bundled", files: 1 }]);
    expect(warnings).toEqual([
      `less is in package.json and not in node_modules: ours is used, less ${bundled.less.version}. Install the project's packages first (npm ci)`,
      `esbuild is in package.json and not in node_modules: ours is used, terser ${bundled.js.version}. Install the project's packages first (npm ci)`,
    ]);
  });

  test("that does not start is told, ours does the work, and nothing of that is remembered", async () => {
    const broken = `throw new Error("Cannot find module '@parcel/x'\\nstack");`;
    const root = makeTree({
      "assets/a.css": "a { b: c }",
      ".browserslistrc": "chrome 130",
      ...withPackage("lightningcss", "1.30.0", broken),
    });
    const warnings: string[] = [];
    const options = {
      minify: true,
      cache: `${root}/cache`,
      onWarning: (text: string) => warnings.push(text),
    };
    const built = await build(root, options);
    expect(built.tools).toEqual([{ name: "lightningcss", version: "1.33.0", from: "bundled", files: 1 }]);
    expect(warnings).toEqual([
      "lightningcss 1.30.0 of the project does not start (Cannot find module '@parcel/x'): lightningcss 1.33.0 is used",
    ]);
    expect((await build(root, options)).reused).toBe(0);
  });
});
