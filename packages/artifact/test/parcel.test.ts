import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync, zstdDecompressSync } from "node:zlib";
import type { Parcel } from "@deploy/core";
import { describe, expect, test } from "@jest/globals";
import { openPacked } from "../src/index.ts";
import { load, packedFrom } from "../src/open.ts";
import { readTar } from "./readTar.ts";
import { bytes, makeTree, pack, refusals, temporary } from "./tree.ts";

const old = { same: "s".repeat(2_000), changed: "old", link: "-> same" };
const now = { same: old.same, changed: "new", "d/added": "a", link: "-> changed" };
/** More than one block, and nothing that compresses. */
const noise = Buffer.from(
  Array.from({ length: 20_000 }, (_, at) =>
    createHash("sha256").update(`${at}`).digest().toString("latin1"),
  ).join(""),
  "latin1",
);
const encodings = ["zstd", "gzip", "none"] as const;
const decoders = { zstd: zstdDecompressSync, gzip: gunzipSync, none: (sent: Buffer) => sent };

const decoded = async (parcel: Parcel) => decoders[parcel.encoding](await bytes(parcel.read()));
const described = async (parcel: Parcel) => {
  const sent = await bytes(parcel.read());
  return { bytes: sent.length, digest: createHash("sha256").update(sent).digest("hex") };
};

describe("parcel", () => {
  test.each(encodings)(
    "%s: the full stream and a delta, as large and as hashed as they say",
    async (encoding) => {
      const base = (await pack(makeTree(old))).manifest;
      const packed = await openPacked((await pack(makeTree(now))).directory);
      const full = await packed.parcel(null, encoding);
      const delta = await packed.parcel(base, encoding);
      expect([full.encoding, full.saved, delta.encoding, delta.saved]).toEqual([
        encoding,
        0,
        encoding,
        2_000,
      ]);
      for (const one of [full, delta])
        expect(await described(one)).toMatchObject({ bytes: one.bytes, digest: one.digest });
      const tar = await decoded(full);
      expect(createHash("sha256").update(tar).digest("hex")).toBe(packed.artifact.digest);
      expect(readTar(await decoded(delta)).map(({ name, data }) => [name, data])).toEqual([
        ["manifest", packed.manifest],
        ["keep", "same\n"],
        ["tree/", ""],
        ["tree/changed", "new"],
        ["tree/d/", ""],
        ["tree/d/added", "a"],
        ["tree/link", "changed"],
      ]);
    },
  );

  test("whoever needs the same gets the same, made once; also from bases that keep the same", async () => {
    const [one, other] = [await pack(makeTree(old)), await pack(makeTree({ ...old, gone: "x" }))];
    const packed = await openPacked((await pack(makeTree(now))).directory);
    const asked = Array.from({ length: 16 }, () => packed.parcel(one.manifest, "zstd"));
    const parcels = await Promise.all([...asked, packed.parcel(other.manifest, "zstd")]);
    expect(new Set(parcels).size).toBe(1);
    const all = await Promise.all([packed.parcel(null, "gzip"), packed.parcel("other", "gzip")]);
    expect(new Set(all).size).toBe(1);
  });

  test.each(encodings)(
    "%s: what does not fit into memory is read from disk, and leaves nothing",
    async (encoding) => {
      const root = makeTree({ ...now, "d/f": "x" });
      writeFileSync(join(root, "noise"), noise);
      const { directory, manifest } = await pack(root);
      const packed = packedFrom(await load(directory), { each: 0, left: 0 });
      const parcels = [await packed.parcel(null, encoding), await packed.parcel(manifest, encoding)];
      expect(readdirSync(directory).sort()).toEqual(["artifact.json", "manifest", "release.tar.gz"]);
      for (const one of parcels) {
        const [first, second] = await Promise.all([described(one), described(one)]);
        expect([first, second]).toEqual([first, { bytes: one.bytes, digest: one.digest }]);
      }
    },
  );

  test("a delta takes files out of any block, whole", async () => {
    const root = makeTree({ a: "first", z: "last" });
    for (const [name, from] of [
      ["b", 0],
      ["c", 100_000],
      ["d", 300_001],
    ] as const) {
      writeFileSync(join(root, name), noise.subarray(from, from + 300_000));
    }
    const full = await pack(root);
    const base = full.manifest
      .split("\n")
      .filter((line) => !/\t[acz]$/.test(line))
      .join("\n");
    const sent = readTar(await decoded(await (await openPacked(full.directory)).parcel(base, "none")));
    expect(sent.slice(3).map(({ name, data }) => [name, data])).toEqual([
      ["tree/a", "first"],
      ["tree/c", noise.subarray(100_000, 400_000).toString("utf8")],
      ["tree/z", "last"],
    ]);
  });

  test("the roster is the manifest alone", async () => {
    const packed = await openPacked((await pack(makeTree(now))).directory);
    const roster = await packed.roster();
    expect(readTar(await decoded(roster)).map(({ name, data }) => [name, data])).toEqual([
      ["manifest", packed.manifest],
      ["keep", ""],
      ["tree/", ""],
    ]);
    expect({ ...(await described(roster)), saved: 0 }).toMatchObject({
      bytes: roster.bytes,
      digest: roster.digest,
    });
    expect(await packed.roster()).toBe(roster);
  });
});

describe("damage", () => {
  const everyParcel = async (directory: string, base: string) => {
    const opened = await openPacked(directory);
    const asked = encodings.flatMap((encoding) => [
      opened.parcel(base, encoding),
      opened.parcel(null, encoding),
    ]);
    return [...new Set(await Promise.all(asked.map((one) => refusals(one).then(String))))];
  };

  test.each([
    ["cut short", (file: string) => truncateSync(file, 300)],
    ["longer", (file: string) => writeFileSync(file, "x", { flag: "a" })],
    ["gone", (file: string) => rmSync(file)],
    ["of another release", (file: string) => writeFileSync(file, gzipSync("x"))],
  ])("nothing of an artifact that is %s is given out", async (_, change) => {
    const base = (await pack(makeTree(old))).manifest;
    const { directory } = await pack(makeTree(now));
    change(join(directory, "release.tar.gz"));
    expect(await everyParcel(directory, base)).toEqual(["artifact-damaged "]);
  });

  test.each([0.1, 0.5, 0.9])("one bit at %d of the file", async (where) => {
    const base = (await pack(makeTree(old))).manifest;
    const { directory } = await pack(makeTree(now));
    const file = join(directory, "release.tar.gz");
    const packed = readFileSync(file);
    const at = Math.floor(packed.length * where);
    packed[at] = (packed[at] ?? 0) ^ 8;
    writeFileSync(file, packed);
    expect(await everyParcel(directory, base)).toEqual(["artifact-damaged "]);
  });

  /** Somebody else's stream, under a record that names it, and the plan's digests as they were. */
  const swapped = async (make: (directory: string) => Buffer, blocks?: readonly number[]) => {
    const { directory } = await pack(makeTree(now));
    const file = make(directory);
    writeFileSync(join(directory, "release.tar.gz"), file);
    const record = JSON.parse(readFileSync(join(directory, "artifact.json"), "utf8"));
    const digest = createHash("sha256").update(file).digest("hex");
    record.packed = { digest, size: file.length, blocks: blocks ?? record.packed.blocks };
    writeFileSync(join(directory, "artifact.json"), JSON.stringify(record));
    return directory;
  };

  test("a record that vouches for another stream does not help it", async () => {
    const base = (await pack(makeTree(old))).manifest;
    const evil = await pack(makeTree({ ...now, changed: "bad" }));
    const stream = readFileSync(join(evil.directory, "release.tar.gz"));
    expect(await everyParcel(await swapped(() => stream), base)).toEqual(["artifact-damaged "]);
  });

  test.each([[[]], [[1, 2, 3]], [[2 ** 40]]])("nor blocks %j that it does not have", async (blocks) => {
    const base = (await pack(makeTree(old))).manifest;
    const directory = await swapped((there) => readFileSync(join(there, "release.tar.gz")), blocks);
    expect(await refusals((await openPacked(directory)).parcel(base, "gzip"))).toEqual(["artifact-damaged "]);
  });

  test("a stream that swells is stopped at the size it should have", async () => {
    const directory = await swapped(() => gzipSync(Buffer.alloc(50_000_000)));
    const packed = packedFrom(await load(directory), { each: 1_000, left: 1_000 });
    expect(await refusals(packed.parcel(null, "none"))).toEqual(["artifact-damaged "]);
  });

  test("nobody who asks for nothing is told, nor ended by it", async () => {
    const { directory } = await pack(makeTree(now));
    truncateSync(join(directory, "release.tar.gz"), 100);
    const script = `import { openPacked } from "@deploy/artifact"; await openPacked(process.argv[1]);
      await new Promise((later) => setTimeout(later, 200)); console.log("fine");`;
    const args = ["--input-type=module", "-e", script, directory];
    const options = { cwd: import.meta.dirname, encoding: "utf8" } as const;
    expect(execFileSync(process.execPath, args, options)).toBe("fine\n");
  });

  test("where nothing can be written, that is what is said", async () => {
    const { directory } = await pack(makeTree(now));
    const saved = { ...(await load(directory)), directory: join(temporary(), "nowhere"), verified: true };
    const packed = packedFrom(saved, { each: 10, left: 10 });
    expect(await refusals(packed.roster())).toEqual(["artifact-unwritable "]);
  });
});
