import { constants, createReadStream } from "node:fs";
import * as fs from "node:fs/promises";
import { DeployError } from "@deploy/core";
import type { Abilities, Entry, Files } from "@deploy/transport";

/** Calls that a server of ours may still take: with the one after them, the connection is gone. */
export interface Fuse {
  left: number;
}

const most: Abilities = { links: true, hardLinks: true, modes: true, replace: true, atOnce: 4 };

/** A folder of this machine as a server that runs nothing; its root is `/`. The last call that burns the fuse is half done. */
export function folderFiles(
  root: string,
  { can = {}, fuse }: { readonly can?: Partial<Abilities>; readonly fuse?: Fuse } = {},
): Files {
  const abilities = { ...most, ...can };
  const at = (path: string) => `${root}${path}`;
  const burn = () => {
    if (fuse !== undefined && fuse.left-- <= 0) throw new DeployError("connection-lost", "the fuse is burnt");
  };
  const rename = async (from: string, to: string) => {
    burn();
    const isFolder = (await fs.stat(at(from))).isDirectory();
    if (!abilities.replace && !isFolder) {
      await fs.rm(at(to), { force: true });
      burn();
    }
    await fs.rename(at(from), at(to));
  };
  return {
    can: abilities,
    rename,
    async list(folder) {
      burn();
      const names = await ifThere(fs.readdir(at(folder)));
      return names && Promise.all(names.map((name) => entry(at(folder), name)));
    },
    async read(file) {
      burn();
      return ifThere(fs.readFile(at(file)));
    },
    async *stream(file, offset = 0) {
      burn();
      yield* createReadStream(at(file), { start: offset });
    },
    async write(file, bytes, { from = 0 } = {}) {
      burn();
      const handle = await fs.open(at(file), from === 0 ? "w" : constants.O_WRONLY);
      try {
        let place = from;
        for await (const chunk of bytes) {
          const half = fuse !== undefined && fuse.left <= 0 ? chunk.subarray(0, chunk.length >> 1) : chunk;
          await handle.write(half, 0, half.length, place);
          if (half.length < chunk.length) burn();
          place += chunk.length;
        }
      } finally {
        await handle.close();
      }
    },
    async remove(file) {
      burn();
      await fs.rm(at(file), { force: true });
    },
    async makeFolder(folder) {
      burn();
      return fs.mkdir(at(folder)).then(
        () => true,
        (error) => {
          if (error.code === "EEXIST") return false;
          throw new DeployError("write-failed", String(error));
        },
      );
    },
    async removeFolder(folder) {
      burn();
      await ifThere(fs.rmdir(at(folder)));
    },
    async setMode(path, mode) {
      burn();
      await fs.chmod(at(path), mode);
    },
    async setLink(link, target) {
      burn();
      await fs.symlink(target, at(`${link}.new`));
      await fs.rename(at(`${link}.new`), at(link));
    },
    async hardLink(from, to) {
      burn();
      await fs.link(at(from), at(to));
    },
    async close() {},
  };
}

async function ifThere<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new DeployError("write-failed", String(error));
  }
}

async function entry(folder: string, name: string): Promise<Entry> {
  const stat = await fs.lstat(`${folder}/${name}`);
  const kind = stat.isDirectory()
    ? "folder"
    : stat.isFile()
      ? "file"
      : stat.isSymbolicLink()
        ? "link"
        : "other";
  return { name, kind, size: stat.size, mode: stat.mode & 0o7777, modified: Math.floor(stat.mtimeMs / 1000) };
}
