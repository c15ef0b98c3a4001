import { expect, test } from "@jest/globals";
import { Semaphore } from "../src/semaphore.ts";

test("at most so many at once, in order, whatever becomes of them", async () => {
  const slots = new Semaphore(2);
  const events: string[] = [];
  const ends = new Map<number, () => void>();
  const work = (index: number) =>
    slots.run(async () => {
      events.push(`begin ${index}`);
      await new Promise<void>((resolve) => ends.set(index, resolve));
      events.push(`end ${index}`);
      if (index === 0) throw new Error("broken");
      return index;
    });
  const all = Promise.allSettled([0, 1, 2, 3].map(work));
  for (const index of [0, 1, 2, 3]) {
    await new Promise((resolve) => setImmediate(resolve));
    ends.get(index)?.();
  }
  expect((await all).map((result) => (result.status === "fulfilled" ? result.value : "broken"))).toEqual([
    "broken",
    1,
    2,
    3,
  ]);
  expect(events).toEqual([
    ...["begin 0", "begin 1", "end 0", "begin 2", "end 1", "begin 3", "end 2", "end 3"],
  ]);
});
