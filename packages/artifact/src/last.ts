import { readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { rules } from "./heads.ts";
import type { LastOptions } from "./types.ts";
import type { FoundFile } from "./walk.ts";

/** Path, inode, size, mtime and ctime in milliseconds, SHA-256. */
type Mark = readonly [string, number, number, number, number, string];

interface Index {
  readonly rules: string;
  readonly marks: readonly Mark[];
}

/** Milliseconds: the coarsest clock of a file system that people use. */
const coarsest = 2_000;

/**
 * What is known of the files from the pack before this one, in a folder that is ours alone. A file that has kept inode, size,
 * mtime and ctime is not read again (nobody can set a ctime back). As git has it, a file that
 * was young when it was read is not trusted: it may have changed in the same tick of its clock.
 */
export class LastPack {
  readonly #folder: string;
  readonly #marks: ReadonlyMap<string, Mark>;
  /** By the clock of the file system of `#device`: what changed before is settled. */
  readonly #settled: number;
  readonly #device: number;
  readonly #noted: Mark[] = [];
  #news = false;

  private constructor(folder: string, index: Index | undefined, stamp: { settled: number; device: number }) {
    this.#folder = folder;
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

  /** Keeps what is known now for the next one. What cannot be kept costs time, and no deploy. */
  async keep(): Promise<void> {
    if (!this.#news && this.#noted.length === this.#marks.size) return;
    const index: Index = { rules: rules(), marks: this.#noted };
    const fresh = join(this.#folder, `new.${process.pid}`);
    try {
      await writeFile(fresh, JSON.stringify(index), { flag: "wx" });
      await rename(fresh, join(this.#folder, "index.json"));
      // Earlier versions kept the packed files, too; and who was killed left its index half written.
      const olds = (await readdir(this.#folder)).filter((name) => /^([0-9a-f]{64}|new)\./.test(name));
      for (const old of olds) await rm(join(this.#folder, old), { force: true });
    } catch {
      await rm(fresh, { force: true });
    }
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
