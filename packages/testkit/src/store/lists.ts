import type { Store, StoredObject } from "@deploy/store";
import { expect, test } from "@jest/globals";
import { keysOf, putText } from "./subject.ts";

export function lists(get: () => Store, many: number): void {
  test("a listing is in byte order, and a prefix is no folder", async () => {
    // U+FFEE sorts before U+1F680 by bytes, and behind it by UTF-16.
    const keys = ["o/Z", "o/a-b", "o/a.b", "o/a/b", "o/a0", "o/ab", "o/ä", "o/\uffee", "o/🚀"];
    for (const key of keys.toReversed()) await putText(get(), key, key);
    const listed = await Promise.all(
      ["o/", "o/a", "o/a/", "o/b", "o"].map((prefix) => keysOf(get(), prefix)),
    );
    expect(listed).toEqual([keys, keys.slice(1, 6), ["o/a/b"], [], keys]);
  });

  test("a listing tells sizes and times", async () => {
    await putText(get(), "sized", "12345");
    const { modified, etag: _, ...rest } = (await first(get().list("sized"))) ?? { modified: 0 };
    expect(rest).toEqual({ key: "sized", size: 5 });
    expect(Math.abs(Date.now() - modified)).toBeLessThan(3_600_000);
  });

  test(`a listing of ${many} objects is whole, and each is there once`, async () => {
    const keys = Array.from({ length: many }, (_, index) => `many/${String(index).padStart(5, "0")}`);
    const queue = keys.values();
    const worker = async () => {
      for (const key of queue) await putText(get(), key, "");
    };
    await Promise.all(Array.from({ length: 16 }, worker));
    expect(await keysOf(get(), "many/")).toEqual(keys);
  });
}

async function first(objects: AsyncIterable<StoredObject>): Promise<StoredObject | undefined> {
  for await (const object of objects) return object;
  return undefined;
}
