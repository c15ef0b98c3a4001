import { existsSync, lstatSync, mkdirSync, readdirSync, readlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "@jest/globals";
import { unpackSource } from "../src/index.ts";
import { ending, padding, renderHeader, type TarEntry } from "../src/tar.ts";
import { makeTree, pack, refusals, temporary } from "./tree.ts";

/** `flag`: another type than the writer knows. */
function entry(name: string, { flag, ...more }: Partial<TarEntry> & { flag?: string } = {}): Buffer {
  const data = Buffer.from(more.type === undefined || more.type === "file" ? "data" : "");
  const given = { type: "file", mode: 0o644, size: data.length, ...more, name } as const;
  const head = renderHeader(given, 1_700_000_000);
  if (flag !== undefined) reflag(head, flag);
  return Buffer.concat([head, data, padding(data.length)]);
}

function reflag(head: Buffer, flag: string): void {
  head.fill(" ", 148, 156).write(flag, 156, "latin1");
  const sum = head.reduce((all, byte) => all + byte, 0);
  head.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
}

function artifact(bytes: Uint8Array, name = "app.tar"): string {
  const folder = temporary();
  writeFileSync(join(folder, name), bytes);
  return folder;
}

const tar = (...entries: readonly Buffer[]) => Buffer.concat([...entries, ending]);
const folder = (name: string) => entry(name, { type: "directory", mode: 0o755 });
const link = (name: string, target: string) => entry(name, { type: "link", target });
const unpack = (bytes: Uint8Array, name?: string) => unpackSource(artifact(bytes, name), temporary());

test.each(["app.tar", "app.tar.gz", "app.tgz"])(
  "%s is unpacked with modes, links and dot files",
  async (name) => {
    const bytes = tar(
      folder("./"),
      entry("./bin/run", { mode: 0o755 }),
      link("./.bin", "bin"),
      entry(`./${"long/".repeat(40)}name`),
    );
    const root = await unpack(name === "app.tar" ? bytes : gzipSync(bytes), name);
    expect(lstatSync(join(root, "bin/run")).mode & 0o777).toBe(0o755);
    expect(lstatSync(join(root, "bin/run")).mtimeMs).toBe(1_700_000_000_000);
    expect(readlinkSync(join(root, ".bin"))).toBe("bin");
    expect(existsSync(join(root, `${"long/".repeat(40)}name`))).toBe(true);
  },
);

test("a tar beside other files is one of them", async () => {
  const downloaded = makeTree({ "site.tar": "x", "index.html": "x" });
  expect(await unpackSource(downloaded, temporary())).toBe(downloaded);
  const plain = makeTree({ "index.html": "x" });
  expect(await unpackSource(plain, temporary())).toBe(plain);
});

test.each([
  ["a name that climbs", tar(entry("a/../../out"))],
  ["an absolute name", tar(entry("/out"))],
  ["a file through a link", tar(link("up", ".."), entry("up/out"))],
  ["a folder in the place of a link", tar(link("up", ".."), folder("up"))],
  ["a file in the place of a link", tar(link("up", "../out"), entry("up"))],
  ["one name twice", tar(entry("a"), entry("./a"))],
  [
    "a hard link to a file that is not its own",
    tar(entry("a", { type: "link", target: "../out", flag: "1" })),
  ],
  ["a hard link to a link", tar(link("l", "../out"), entry("a", { type: "link", target: "l", flag: "1" }))],
  ["a link to an absolute path", tar(link("l", "/etc/passwd"))],
  ["a link out of it", tar(link("l", "../etc/passwd"))],
  ["a device", tar(entry("null", { type: "directory", flag: "3" }))],
  ["a fifo", tar(entry("pipe", { type: "directory", flag: "6" }))],
  ["a sparse file", tar(entry("holes", { flag: "S" }))],
  ["nothing of an end", entry("a")],
  ["half a file", entry("a").subarray(0, 700)],
  ["a damaged header", tar(entry("a").fill("x", 100, 101))],
])("%s is refused, and nothing leaves the folder", async (_, bytes) => {
  const [parent, downloaded] = [temporary(), artifact(bytes)];
  const to = join(parent, "to");
  mkdirSync(to);
  expect(await refusals(unpackSource(downloaded, to))).toEqual(["archive-refused "]);
  expect(readdirSync(parent)).toEqual(["to"]);
});

test("a gzip that is cut off or damaged is refused", async () => {
  const whole = gzipSync(tar(entry("a")));
  const crc = Buffer.from(whole).fill(0, whole.length - 8, whole.length - 4);
  for (const bytes of [whole.subarray(0, -4), crc]) {
    expect(await refusals(unpack(bytes, "a.tgz"))).toEqual(["archive-refused "]);
  }
});

test("what cannot be made is no fault of the tar", async () => {
  const nowhere = join(temporary(), "nowhere");
  expect(await refusals(unpackSource(artifact(tar(entry("a"))), nowhere))).toEqual(["artifact-unwritable "]);
});

test("what packing refuses it refuses of an unpacked tree, too", async () => {
  const root = await unpack(tar(entry("f", { mode: 0o4755 })));
  expect(await refusals(pack(root))).toEqual(["mode-refused f"]);
});
