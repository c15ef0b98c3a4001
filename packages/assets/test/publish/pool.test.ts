import { expect, test } from "@jest/globals";
import { pooled } from "../../src/publish/pool.ts";

const turn = () => new Promise<void>((done) => setImmediate(done));

/** Works on sizes and notes how much was on its way at most. */
async function watch(sizes: readonly number[], tasks: number, bytes: number) {
  const most = { tasks: 0, bytes: 0 };
  const now = { tasks: 0, bytes: 0 };
  const began: number[] = [];
  await pooled(sizes, { tasks, bytes, sizeOf: (size) => size }, async (size) => {
    began.push(size);
    now.tasks += 1;
    now.bytes += Math.min(size, bytes / 4);
    most.tasks = Math.max(most.tasks, now.tasks);
    most.bytes = Math.max(most.bytes, now.bytes);
    await turn();
    now.tasks -= 1;
    now.bytes -= Math.min(size, bytes / 4);
  });
  return { began, most };
}

test("works in order, with so many at once", async () => {
  const sizes = Array.from({ length: 20 }, () => 1);
  expect(await watch(sizes, 3, 1000)).toEqual({ began: sizes, most: { tasks: 3, bytes: 3 } });
});

test("keeps the bytes on their way bounded; a large file counts for a quarter", async () => {
  const sizes = [500, 500, 500, 500, 500, 20, 20];
  expect((await watch(sizes, 8, 100)).most).toEqual({ tasks: 4, bytes: 100 });
});

test("the first failure stops what was not begun, and is what is thrown", async () => {
  const began: number[] = [];
  const ended: number[] = [];
  const run = pooled([1, 2, 3, 4], { tasks: 2 }, async (item, signal) => {
    began.push(item);
    await turn();
    if (item === 2) throw new Error("two failed");
    await turn();
    ended.push(signal.aborted ? -item : item);
  });
  await expect(run).rejects.toThrow("two failed");
  expect([began, ended]).toEqual([[1, 2], [-1]]);
});

test("a signal stops it, with its own reason", async () => {
  const stop = new AbortController();
  const began: number[] = [];
  const run = pooled([1, 2, 3], { tasks: 1, signal: stop.signal }, async (item) => {
    began.push(item);
    stop.abort(new Error("enough"));
    throw new Error("aborted inside");
  });
  await expect(run).rejects.toThrow("enough");
  expect(began).toEqual([1]);
});

test("nothing to do is done", async () => {
  await pooled([], { tasks: 1 }, async () => {
    throw new Error("never");
  });
});
