import { existsSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { readyForJs } from "../../src/fingerprint/js.ts";
import { scan } from "../../src/fingerprint/scan.ts";
import { languageOf } from "../../src/fingerprint/text.ts";
import { type BuiltFile, indexName } from "../../src/index.ts";
import { built, temporary, type Wrote, write } from "./tree.ts";

await readyForJs();

/** mulberry32: the same tree for the same seed. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const words = [
  "a",
  "b c",
  "ü",
  "100%",
  "it's",
  'q"',
  "x@2x",
  "a&b",
  "(p)",
  "n#1",
  "w?y",
  "日本",
  "c,d",
  "e;f",
  "g=h+i",
];
const folders = ["", "css/", "js/deep/", "ä ö/", "it's/"];
const extensions = ["css", "js", "html", "svg", "png", "woff2", "webmanifest"];

type Draw = (below: number) => number;

function pick<T>(draw: Draw, list: readonly T[]): T {
  const item = list[draw(list.length)];
  if (item === undefined) throw new Error("empty");
  return item;
}

/** A reference from one path to another in one of the ways people write it. */
function urlOf(draw: Draw, from: string, to: string): string {
  const escaped = (path: string) => path.split("/").map(encodeURIComponent).join("/").replaceAll("'", "%27");
  const relative = posix.relative(dirname(`/${from}`), `/${to}`);
  const suffix = pick(draw, ["", "?v=1", "#frag", "?#iefix"]);
  const url = pick(draw, [escaped(relative), `./${escaped(relative)}`, `/${escaped(to)}`]);
  return `${url}${suffix}`;
}

function mention(draw: Draw, from: string, to: string): string {
  const url = urlOf(draw, from, to);
  const dotted = /^[./]/.test(url) ? url : `./${url}`;
  const ways: Readonly<Record<string, readonly string[]>> = {
    css: [
      `a{b:url(${url.replace(/[()]/g, "\\$&")})}`,
      `a{b:url("${url}")}`,
      `@import '${url}';`,
      `a{b:image-set("${url}" 1x)}`,
    ],
    js: [
      `import "${dotted}";`,
      `import('${dotted}');`,
      `new URL("${url}", import.meta.url);`,
      `export * from '${dotted}';`,
    ],
    html: [
      `<img src="${url}">`,
      `<link rel=stylesheet href='${url}'>`,
      `<p style="b:url('${url}')">`,
      `<style>a{b:url("${url}")}</style>`,
      `<img srcset="${url} 1x, data:x,y 2x">`,
    ],
    svg: [`<image href="${url}"/>`, `<style>a{b:url("${url}")}</style>`, `<use xlink:href='${url}'/>`],
    webmanifest: [`{"src":"${url}"},`],
  };
  const own = ways[from.split(".").at(-1) ?? ""];
  return own === undefined ? "bytes" : pick(draw, own);
}

function tree(seed: number): readonly BuiltFile[] {
  const draw = random(seed);
  const paths = new Set(
    Array.from({ length: 25 }, () => `${pick(draw, folders)}${pick(draw, words)}.${pick(draw, extensions)}`),
  );
  const list = [...paths];
  return list.map((path) => {
    const mentions = Array.from({ length: draw(6) }, () => mention(draw, path, pick(draw, list)));
    const file = built(path, mentions.join("\n"));
    return draw(3) === 0 && /\.(css|js)$/.test(path)
      ? { ...file, map: Buffer.from('{"version":3,"sources":["s"],"names":[],"mappings":"AAAA"}') }
      : file;
  });
}

/** References of the output that lead to no file, and how many there are in all. */
function broken({ index, output }: Wrote): { all: number; broken: readonly string[] } {
  let all = 0;
  const found: string[] = [];
  for (const { path, kind, encoding } of index.files) {
    const language = languageOf(path, kind);
    if (language === undefined || encoding !== undefined) continue;
    for (const reference of scan(language, readFileSync(join(output, path), "utf8")).references) {
      all += 1;
      const target = decodeURIComponent(reference.path);
      const file = target.startsWith("/") ? join(output, target) : join(output, dirname(path), target);
      if (!existsSync(file)) found.push(`${path} -> ${reference.path}`);
    }
  }
  return { all, broken: found };
}

describe.each([1, 2, 3, 4, 5])("random tree %i", (seed) => {
  const files = tree(seed);

  test.each(["all", "auto", "none"] as const)("%s: every reference leads to a file", async (fingerprint) => {
    const wrote = await write(files, { fingerprint });
    const { all, broken: left } = broken(wrote);
    expect(left).toEqual([]);
    expect(wrote.warnings.filter((text) => text.includes("names no file"))).toEqual([]);
    expect(all).toBeGreaterThan(0);
  });

  test("twice, in another order, with a cache: the same bytes", async () => {
    const options = { manifests: ["json", "django", "sprockets"], precompress: ["gzip"] } as const;
    const cache = temporary();
    const one = await write(files, { ...options, cache });
    const two = await write(files.toReversed(), { ...options, cache });
    expect([two.index, two.texts]).toEqual([one.index, one.texts]);
    const record = (wrote: Wrote) => readFileSync(join(wrote.output, indexName), "utf8");
    expect(record(two)).toBe(record(one));
  });
});
