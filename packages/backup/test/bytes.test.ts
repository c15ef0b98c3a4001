import { gzipSync, zstdCompressSync } from "node:zlib";
import { DeployError } from "@deploy/core";
import { describe, expect, test } from "@jest/globals";
import { Companion, drain } from "../src/bytes/companion.ts";
import { Handoff } from "../src/bytes/handoff.ts";
import { unpack } from "../src/bytes/unpack.ts";
import { collect } from "./fakes/host.ts";
import { slices } from "./fakes/store.ts";

const text = Buffer.from("a line of a dump\n".repeat(50_000));

async function* from(bytes: Buffer, size = 1000): AsyncGenerator<Buffer> {
  yield* slices(bytes, size);
}

describe("from one who pushes to one who pulls", () => {
  test("in order, whole, and slow readers hold back", async () => {
    const handoff = new Handoff();
    let pushed = 0;
    const pushing = (async () => {
      for (let at = 0; at < 40; at++) {
        await handoff.push(Buffer.alloc(100_000, at));
        pushed += 1;
      }
      handoff.end();
    })();
    await new Promise((resolve) => setImmediate(resolve));
    expect(pushed).toBe(10);
    const read = await collect(handoff);
    await pushing;
    expect(read.length).toBe(4_000_000);
    expect([read[0], read[3_999_999]]).toEqual([0, 39]);
  });

  test("a failure comes behind what was pushed; who leaves makes pushes fail", async () => {
    const failing = new Handoff();
    await failing.push(Buffer.from("a"));
    failing.fail(new Error("cut"));
    const chunks: string[] = [];
    const reading = (async () => {
      for await (const chunk of failing) chunks.push(String(chunk));
    })();
    await expect(reading).rejects.toThrow("cut");
    expect(chunks).toEqual(["a"]);

    const left = new Handoff();
    await left.push(Buffer.alloc(10));
    for await (const _ of left) break;
    await expect(left.push(Buffer.alloc(10))).rejects.toThrow("nobody reads any more");
  });
});

describe("unpacking", () => {
  const packed = { gzip: gzipSync(text), zstd: zstdCompressSync(text), none: text };

  test.each(["gzip", "zstd", "none"] as const)("%s", async (compression) => {
    expect((await collect(unpack(from(packed[compression]), compression))).equals(text)).toBe(true);
  });

  test.each(["gzip", "zstd"] as const)(
    "%s that is cut, altered or something else is damaged",
    async (compression) => {
      const bytes = packed[compression];
      const altered = Buffer.from(bytes);
      altered.fill(0xff, 40, 60);
      for (const each of [bytes.subarray(0, -5), altered, Buffer.from("not packed at all")]) {
        await expect(drain(unpack(from(each), compression))).rejects.toMatchObject({
          problem: { code: "backup-damaged" },
        });
      }
    },
  );

  test("the source's own failure stays what it is", async () => {
    const broken = async function* (): AsyncGenerator<Buffer> {
      yield packed.zstd.subarray(0, 20);
      throw new DeployError("backup-cut", "gone");
    };
    await expect(drain(unpack(broken(), "zstd"))).rejects.toMatchObject({ problem: { code: "backup-cut" } });
  });

  test("beside another reader", async () => {
    const companion = new Companion("zstd");
    for (const chunk of slices(packed.zstd, 100)) await companion.push(chunk);
    expect((await companion.end()).size).toBe(text.length);

    const damaged = new Companion("gzip");
    const pushing = (async () => {
      for (let at = 0; at < 1000; at++) await damaged.push(Buffer.alloc(10_000, "x"));
    })();
    await expect(pushing).rejects.toMatchObject({ problem: { code: "backup-damaged" } });
    await damaged.stop();
  });
});
