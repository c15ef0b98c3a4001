import { constants, copyFile, link, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { rules } from "./heads.ts";
import { sha256 } from "./manifest.ts";
import { type ArtifactRecord, type LastOptions, packedFile } from "./types.ts";
import type { FoundFile } from "./walk.ts";
import { checkPacked } from "./whole.ts";

/** Path, inode, size, mtime and ctime in milliseconds, SHA-256. */
type Mark = readonly [string, number, number, number, number, string];

interface Index {
  readonly rules: string;
  readonly record: ArtifactRecord;
  readonly marks: readonly Mark[];
}

/** Milliseconds: the coarsest clock of a file system that people use. */
const coarsest = 2_000;

/**
 * The pack before this one, in a folder that is ours alone. A file that has kept inode, size, mtime and ctime is not read
 * again (nobody can set a ctime back), and a tree that is the same is not compressed again. As git has it, a file that
 * was young when it was read is not trusted: it may have changed in the same tick of its clock.
 */
export class LastPack {
  readonly #folder: string;
  readonly #marks: ReadonlyMap<string, Mark>;
  readonly #record: ArtifactRecord | undefined;
  /** By the clock of the file system of `#device`: what changed before is settled. */
  readonly #settled: number;
  readonly #device: number;
  readonly #noted: Mark[] = [];
  #news = false;
  #reused = false;

  private constructor(folder: string, index: Index | undefined, stamp: { settled: number; device: number }) {
    this.#folder = folder;
    this.#record = index?.record;
    this.#marks = new Map(index?.marks.map((mark) => [mark[0], mark]));
    this.#settled = stamp.settled;
    this.#device = stamp.device;
  }

  /** Of a folder that cannot be written to: none. */
  static async open({ folder, whole = false, young = coarsest }: LastOptions): Promise<LastPack | undefined> {
    try {
      await writeFile(join(folder, "clock"), `${process.pid}\n`);
      const { mtimeMs, dev } = await stat(join(folder, "clock"));
      const index = await readIndex(folder);
      const read = whole && index !== undefined ? { ...index, marks: [] } : index;
      return new LastPack(folder, read, { settled: mtimeMs - young, device: dev });
    } catch {
      return undefined;
    }
  }

  /** What a file's hash was, where it is the same one. */
  hash({ path, stats }: FoundFile): string | undefined {
    const mark = this.#marks.get(path);
    const [, inode, size, mtime, ctime, hash] = mark ?? [];
    const same =
      inode === stats.ino && size === stats.size && mtime === stats.mtimeMs && ctime === stats.ctimeMs;
    if (mark === undefined || !same || stats.dev !== this.#device) return undefined;
    this.#noted.push(mark);
    return hash;
  }

  /** A file that was read a moment ago, for the next pack. */
  note({ path, stats }: FoundFile, hash: string): void {
    const { ino, size, mtimeMs, ctimeMs, dev } = stats;
    if (dev !== this.#device || Math.max(mtimeMs, ctimeMs) >= this.#settled) return;
    this.#noted.push([path, ino, size, mtimeMs, ctimeMs, hash]);
    this.#news = true;
  }

  /** Puts the packed file of that tree into `directory` and gives its record; undefined where there is none that is whole. */
  async reuse(manifest: string, mtime: number, directory: string): Promise<ArtifactRecord | undefined> {
    const record = this.#record;
    if (record?.mtime !== mtime || record.artifact.manifest !== sha256(manifest)) return undefined;
    try {
      await share(this.#packed(record), packedFile(directory));
      await checkPacked({ directory, record });
      this.#reused = true;
      return record;
    } catch {
      // A link: who writes to it would write to the one that is kept.
      await rm(packedFile(directory), { force: true });
      return undefined;
    }
  }

  /** Keeps what was packed for the next one. What cannot be kept costs time, and no deploy. */
  async keep(record: ArtifactRecord, directory: string): Promise<void> {
    if (this.#reused && !this.#news) return;
    const index: Index = { rules: rules(), record, marks: this.#noted };
    const fresh = join(this.#folder, `new.${process.pid}`);
    try {
      if (!this.#reused) {
        await share(packedFile(directory), fresh);
        await rename(fresh, this.#packed(record));
      }
      await writeFile(fresh, JSON.stringify(index), { flag: "wx" });
      await rename(fresh, join(this.#folder, "index.json"));
      const olds = (await readdir(this.#folder)).filter((name) => /^([0-9a-f]{64}|new)\./.test(name));
      for (const old of olds)
        if (!old.startsWith(record.packed.digest)) await rm(join(this.#folder, old), { force: true });
    } catch {
      await rm(fresh, { force: true });
    }
  }

  /** By digest: another run's index never names this run's file. */
  #packed({ packed }: ArtifactRecord): string {
    return join(this.#folder, `${packed.digest}.tar.gz`);
  }
}

async function readIndex(folder: string): Promise<Index | undefined> {
  try {
    const index = JSON.parse(await readFile(join(folder, "index.json"), "utf8")) as Index;
    return index.rules === rules() ? index : undefined;
  } catch {
    return undefined;
  }
}

/** The same file under another name, or where that is on another disk a copy. */
async function share(from: string, to: string): Promise<void> {
  await rm(to, { force: true });
  await link(from, to).catch(() => copyFile(from, to, constants.COPYFILE_FICLONE));
}
