import { describe, expect, test } from "@jest/globals";
import { countWorkers } from "../../src/build/makeAll.ts";
import { makeQueue } from "../../src/build/queue.ts";
import type { Task } from "../../src/sources/tasks.ts";
import { build, makeTree, placesOf } from "./tree.ts";

function manyFiles(count: number): Record<string, string> {
  const files: Record<string, string> = {
    "assets/_p.scss": "$c: red;\n@function f($x) { @return $x * 2; }\n",
  };
  for (let at = 0; at < count; at++) {
    files[`assets/s${at}.scss`] = `@use "p";\n.a${at} { color: p.$c; width: p.f(${at}px); .b { c: d } }\n`;
    files[`assets/j${at}.js`] =
      `export function f${at}(alpha) { const beta = alpha + ${at}; return beta * beta; }\n`;
  }
  return files;
}

const options = { minify: true, sourceMaps: true };

describe("workers", () => {
  test("make the same bytes as one thread, twice the same", async () => {
    const root = makeTree(manyFiles(12));
    const [alone, together, again] = [
      await build(root, { ...options, workers: 1 }),
      await build(root, { ...options, workers: 2 }),
      await build(root, { ...options, workers: 2 }),
    ];
    const plain = ({ files, tools }: typeof alone) => ({
      files: files.map(({ contents, map, ...rest }) => ({
        ...rest,
        map: Buffer.from(map ?? "").toString(),
        bytes: contents.kind === "bytes" ? Buffer.from(contents.bytes).toString() : "file",
      })),
      tools,
    });
    expect(plain(together)).toEqual(plain(alone));
    expect(plain(again)).toEqual(plain(alone));
  });

  test("tell every fault and every step", async () => {
    const files = { ...manyFiles(12), "assets/s3.scss": "a {", "assets/j4.js": "let let = ;" };
    const steps: number[] = [];
    const building = build(makeTree(files), {
      ...options,
      workers: 2,
      onProgress: (done) => steps.push(done),
    });
    expect(await placesOf(building)).toEqual([
      "asset-syntax assets/j4.js:1:5",
      "asset-syntax assets/s3.scss:1:4",
    ]);
    expect(steps).toEqual(Array.from({ length: 24 }, (_, at) => at + 1));
  });

  test("end when the run is cancelled", async () => {
    const abort = new AbortController();
    const onProgress = () => abort.abort(new Error("cancelled by a person"));
    const building = build(makeTree(manyFiles(20)), {
      ...options,
      workers: 2,
      signal: abort.signal,
      onProgress,
    });
    await expect(building).rejects.toThrow("cancelled by a person");
    const before = build(makeTree(manyFiles(1)), {
      ...options,
      signal: AbortSignal.abort(new Error("too late")),
    });
    await expect(before).rejects.toThrow("too late");
  });

  test("that die are one clear error", async () => {
    const files = { ...manyFiles(12), "die.mjs": "process.exit(7);" };
    const root = makeTree(files);
    expect(await placesOf(build(root, { ...options, workers: 2, worker: `${root}/die.mjs` }))).toEqual([
      "assets-worker ",
    ]);
  });

  test("are done without where their file is not there", async () => {
    const root = makeTree(manyFiles(6));
    const built = await build(root, { ...options, workers: 2, worker: new URL("file:///nowhere.mjs") });
    expect(built.files).toHaveLength(12);
  });

  test("are as many as pay", () => {
    expect([countWorkers(0, 4), countWorkers(10, 4), countWorkers(11, 4), countWorkers(300, 4)]).toEqual([
      1, 1, 2, 4,
    ]);
  });
});

describe("the queue", () => {
  test("gives each worker one language while it lasts, all tasks once, small helpings last", () => {
    const task = (language: Task["language"], at: number) =>
      ({ index: at, task: { language, path: `${language}${at}` } as Task }) as const;
    const tasks = [...Array(40).keys()].map((at) => task(at % 2 === 0 ? "scss" : "js", at));
    const queue = makeQueue(tasks, 2);
    const helpings: string[] = [];
    const seen: number[] = [];
    for (let worker = 0; ; worker = 1 - worker) {
      const taken = queue.take(worker);
      if (taken.length === 0) break;
      helpings.push(`${worker} ${taken[0]?.task.language} ${taken.length}`);
      seen.push(...taken.map(({ index }) => index));
    }
    expect(helpings.slice(0, 4)).toEqual(["0 scss 5", "1 js 5", "0 scss 4", "1 js 4"]);
    expect(helpings.at(-1)).toMatch(/ 1$/);
    expect(seen.sort((a, b) => a - b)).toEqual(tasks.map(({ index }) => index));
  });
});
