import type { Store } from "@deploy/store";
import { expect, test } from "@jest/globals";
import { codeOf, keysOf, putText, readBytes, readText, sha256, streamOf, withFile } from "./subject.ts";

/** Names that some tool on the way would like to change. */
const awkward = [
  "sp ace/a b",
  "plus+and&amp",
  "per%20cent%",
  "ümläut/東京.css",
  "🚀",
  "quote'\"`",
  "q?x=1#y",
  "$(id);",
  "*",
  "-rf",
  "~a",
];

export function reads(get: () => Store): void {
  test("awkward names are kept as they are", async () => {
    for (const key of awkward) await putText(get(), `names/${key}`, key);
    const texts = await Promise.all(awkward.map((key) => readText(get(), `names/${key}`)));
    const listed = await keysOf(get(), "names/");
    expect([texts, new Set(listed)]).toEqual([awkward, new Set(awkward.map((key) => `names/${key}`))]);
  });

  test("a file of 20 MiB goes there and back, whole and in ranges", async () => {
    await withFile(20 << 20, async (file, bytes) => {
      const put = await get().put("large", { file, size: bytes.length }, { overwrite: false });
      const there = await readBytes(get(), "large");
      const range = await readBytes(get(), "large", { start: 8_388_600, end: 8_388_615 });
      expect([put, sha256(there), range, (await get().details("large"))?.sha256]).toEqual([
        { kind: "written", size: bytes.length, sha256: sha256(bytes) },
        sha256(bytes),
        bytes.subarray(8_388_600, 8_388_616),
        sha256(bytes),
      ]);
    });
  });

  test("a stream of unknown length is stored whole, and its progress told", async () => {
    const chunks = Array.from({ length: 20 }, (_, index) => Buffer.alloc(1 << 20, index));
    let told = 0;
    const onBytes = (sent: number) => {
      told = sent;
    };
    const put = await get().putStream("stream", streamOf(chunks), { overwrite: false, onBytes });
    const whole = Buffer.concat(chunks);
    expect([put, told, sha256(await readBytes(get(), "stream"))]).toEqual([
      { kind: "written", size: whole.length, sha256: sha256(whole) },
      whole.length,
      sha256(whole),
    ]);
  });

  test("ranges count from 0 and include both ends", async () => {
    await putText(get(), "digits", "0123456789");
    const ranges = [
      { start: 0 },
      { start: 3 },
      { start: 2, end: 4 },
      { start: 0, end: 0 },
      { start: 8, end: 99 },
    ];
    const texts = await Promise.all(ranges.map((range) => readText(get(), "digits", range)));
    expect(texts).toEqual(["0123456789", "3456789", "234", "0", "89"]);
  });

  test.each([{ start: 10 }, { start: 5, end: 4 }, { start: -1 }, { start: 0.5 }])(
    "%j of ten bytes is no range",
    async (range) => {
      await putText(get(), "ten", "0123456789", { overwrite: true });
      expect(await codeOf(get().read("ten", range))).toBe("object-range");
    },
  );

  test("what is not there has no details and cannot be read", async () => {
    const found = [
      await get().details("nowhere"),
      await codeOf(get().read("nowhere")),
      await keysOf(get(), "nowhere"),
    ];
    expect(found).toEqual([undefined, "object-missing", []]);
  });

  test("what is removed is gone, and may be removed again", async () => {
    await putText(get(), "short/lived", "x");
    await get().remove("short/lived");
    await get().remove("short/lived");
    expect([await get().details("short/lived"), await keysOf(get(), "short/")]).toEqual([undefined, []]);
    expect(await putText(get(), "short/lived", "y")).toEqual({
      kind: "written",
      size: 1,
      sha256: sha256("y"),
    });
  });
}
