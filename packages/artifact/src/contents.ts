import { createHash, hash } from "node:crypto";
import type { LastPack } from "./last.ts";
import { assertUnchanged, changed, chunk, readUnchanged, SmallFiles } from "./read.ts";
import type { FileEntry } from "./types.ts";
import type { FoundFile } from "./walk.ts";

/** Is given the first bytes of a file that is read, and says whether it has something to tell of it. */
export type Look = (path: string, head: Uint8Array) => boolean;

/** Files that are open at once; Node reads on four threads. */
const atOnce = 16;

/** Files between two turns of all else that waits. */
const breath = 128;

/** Bytes of small files that are kept from the first read to the second. */
const mostKept = 64 * 1024 * 1024;

/**
 * The files of a tree, which are needed twice: the manifest with their hashes goes before their bytes. What fits is kept
 * from the first read; the rest is read again, ahead of who asks.
 */
export class Contents {
  readonly #root: string;
  readonly #files: readonly FoundFile[];
  readonly #small: SmallFiles;
  readonly #kept = new Map<string, Buffer>();
  #room: number;
  /** Small files that are being read again. */
  readonly #coming = new Map<string, Promise<Buffer>>();
  #byPath: ReadonlyMap<string, FoundFile> | undefined;
  #ahead = 0;
  #turn = 0;

  constructor(root: string, files: readonly FoundFile[], room: number = mostKept) {
    this.#root = root;
    this.#small = new SmallFiles(root);
    this.#files = files;
    this.#room = room;
  }

  /** The hash of each file, in their order; what `last` knows is not read, unless `look` told something of it. Throws what reading throws. */
  async hashes(look: Look, last?: LastPack): Promise<readonly string[]> {
    const hashes: string[] = [];
    let next = 0;
    let turn: Promise<void> | undefined;
    const worker = async () => {
      for (let at = next++; at < this.#files.length; at = next++) {
        // Reading at once never lets go of the thread: signals and timers have their turn here.
        if (at % breath === 0) turn = new Promise((done) => setImmediate(done));
        await turn;
        const file = this.#files[at] as FoundFile;
        hashes[at] = last?.hash(file) ?? (await this.#hash(file, look, last));
      }
    };
    const stop = (error: unknown) => {
      next = this.#files.length;
      throw error;
    };
    await Promise.all(Array.from({ length: atOnce }, () => worker().catch(stop)));
    return hashes;
  }

  /** The bytes of a file once more, whichever and whenever. Throws `source-changed` where they are not those that were hashed. */
  async *take({ path, sha256 }: FileEntry): AsyncGenerator<Uint8Array> {
    this.#byPath ??= new Map(this.#files.map((file) => [file.path, file]));
    const file = this.#byPath.get(path);
    if (file === undefined) throw changed(path);
    if (!isSmall(file.stats)) return yield* this.#large(file, sha256);
    const bytes = await this.#small.read(path, file.stats);
    if (hash("sha256", bytes) !== sha256) throw changed(path);
    yield bytes;
  }

  /** The bytes of a file once more, asked for in the files' order. Throws `source-changed` where they are others. */
  async *again({ path, sha256 }: FileEntry): AsyncGenerator<Uint8Array> {
    const file = this.#seek(path);
    const { stats } = file;
    const kept = this.#kept.get(path);
    if (kept !== undefined) {
      this.#kept.delete(path);
      assertUnchanged(this.#root, path, stats);
      yield kept;
    } else if (isSmall(stats)) {
      this.#readAhead();
      const bytes = await this.#coming.get(path);
      this.#coming.delete(path);
      if (bytes === undefined || hash("sha256", bytes) !== sha256) throw changed(path);
      yield bytes;
    } else {
      yield* this.#large(file, sha256);
    }
  }

  async *#large({ path, stats }: FoundFile, sha256: string): AsyncGenerator<Uint8Array> {
    const sum = createHash("sha256");
    for await (const bytes of readUnchanged(this.#root, path, stats)) {
      sum.update(bytes);
      yield bytes;
    }
    if (sum.digest("hex") !== sha256) throw changed(path);
  }

  async #hash(file: FoundFile, look: Look, last: LastPack | undefined): Promise<string> {
    const { path, stats } = file;
    let told: boolean | undefined;
    const sum = createHash("sha256");
    if (isSmall(stats)) {
      const bytes = await this.#small.read(path, stats);
      told = look(path, bytes);
      this.#keep(path, bytes);
      sum.update(bytes);
    } else {
      for await (const bytes of readUnchanged(this.#root, path, stats)) {
        told ??= look(path, bytes);
        sum.update(bytes);
      }
    }
    const digest = sum.digest("hex");
    if (told === false) last?.note(file, digest);
    return digest;
  }

  #keep(path: string, bytes: Buffer): void {
    if (bytes.length > this.#room) return;
    this.#room -= bytes.length;
    this.#kept.set(path, bytes);
  }

  /** The next file, which must be that one. */
  #seek(path: string): FoundFile {
    const file = this.#files[this.#turn++];
    if (file?.path !== path) throw changed(path);
    return file;
  }

  #readAhead(): void {
    this.#ahead = Math.max(this.#ahead, this.#turn - 1);
    for (; this.#coming.size < atOnce && this.#ahead < this.#files.length; this.#ahead++) {
      const { path, stats } = this.#files[this.#ahead] as FoundFile;
      if (!isSmall(stats) || this.#kept.has(path)) continue;
      const coming = this.#small.read(path, stats);
      // Awaited in its turn; until then a failure must not count as unhandled.
      coming.catch(() => {});
      this.#coming.set(path, coming);
    }
  }
}

function isSmall({ size }: { readonly size: number }): boolean {
  return size <= chunk;
}
