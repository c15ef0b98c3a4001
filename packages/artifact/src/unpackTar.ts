import { createReadStream } from "node:fs";
import { link, mkdir, open, readdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { createGunzip } from "node:zlib";
import { through } from "./encode.ts";
import { printable, readTar, refused, type TarItem } from "./untar.ts";
import { unwritable, writeAll } from "./write.ts";

/**
 * The tree in a folder that came as a workflow artifact: of a single `.tar`, `.tar.gz` or `.tgz` what is in it, made in
 * `to` (empty) with its modes, links and dot files; else the folder itself. Throws `archive-refused`, `artifact-unwritable`.
 */
export async function unpackSource(folder: string, to: string): Promise<string> {
  const [name = "", ...others] = await readdir(folder);
  if (others.length > 0 || !/\.(?:tar|tar\.gz|tgz)$/.test(name)) return folder;
  const bytes = createReadStream(join(folder, name), { highWaterMark: 256 * 1024 });
  const plain = name.endsWith(".tar") ? bytes : through(bytes, createGunzip());
  const placed = new Map<string, TarItem["type"]>();
  try {
    for await (const item of readTar(plain)) await place(item, to, placed);
  } catch (error) {
    const code = String((error as NodeJS.ErrnoException).code);
    throw code.startsWith("Z_") ? refused(`its compression is damaged (${code})`) : error;
  }
  return to;
}

/** Only below folders made here, and never over what was: so nothing goes through a link. */
async function place(item: TarItem, to: string, placed: Map<string, TarItem["type"]>): Promise<void> {
  const path = pathOf(item.name);
  if (path === "") return;
  await makeFolder(path.split("/").slice(0, -1).join("/"), to, placed);
  if (item.type === "directory") return makeFolder(path, to, placed);
  if (placed.has(path)) throw refused(`"${printable(path)}" is in it twice`);
  placed.set(path, item.type);
  const target = join(to, path);
  if (item.type === "file") return writeFile(target, item);
  if (item.type === "link") return symlink(item.target, target).catch((error) => unwritable(target, error));
  const original = pathOf(item.target);
  if (placed.get(original) !== "file") {
    throw refused(`"${printable(path)}" is a hard link to what is no file of it`);
  }
  await link(join(to, original), target).catch((error) => unwritable(target, error));
}

function pathOf(name: string): string {
  const parts = name.split("/");
  if (name.startsWith("/") || parts.includes("..")) throw refused(`"${printable(name)}" leads out of it`);
  return parts.filter((part) => part !== "" && part !== ".").join("/");
}

async function makeFolder(path: string, to: string, placed: Map<string, TarItem["type"]>): Promise<void> {
  if (path === "" || placed.get(path) === "directory") return;
  if (placed.has(path)) throw refused(`"${printable(path)}" is a folder and something else`);
  await makeFolder(path.split("/").slice(0, -1).join("/"), to, placed);
  placed.set(path, "directory");
  await mkdir(join(to, path)).catch((error) => unwritable(path, error));
}

/** The mode whole: what a release may not carry is refused by name when it is packed. */
async function writeFile(target: string, { mode, mtime, data }: TarItem): Promise<void> {
  const handle = await open(target, "wx", 0o600).catch((error) => unwritable(target, error));
  try {
    for await (const part of data) {
      await writeAll(handle, part).catch((error) => unwritable(target, error));
    }
    await handle.chmod(mode);
    await handle.utimes(mtime, mtime);
  } finally {
    await handle.close();
  }
}
