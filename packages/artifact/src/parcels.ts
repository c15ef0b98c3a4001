import { open } from "node:fs";
import { promisify } from "node:util";
import type { Encoding, Parcel } from "@deploy/core";
import { damaged } from "./damaged.ts";
import { keptFrom, renderDelta } from "./delta.ts";
import { encode } from "./encode.ts";
import { hold, type Room } from "./hold.ts";
import { sha256 } from "./manifest.ts";
import { SharedFile } from "./shared.ts";
import { renderStream } from "./stream.ts";
import { packedFile, type Saved } from "./types.ts";
import { checkPacked, readWhole } from "./whole.ts";

/** Makes each stream once, for whoever asks first, and gives it to all who need the same. */
export class Parcels {
  readonly #saved: Saved;
  readonly #room: Room;
  /** That release.tar.gz is the one that was packed; begun before anybody asks. */
  #checked: Promise<void> | undefined;
  /** Base manifest -> what is kept of it: bases that keep the same share a parcel. */
  readonly #kept = new Map<string, ReadonlySet<string>>();
  readonly #made = new Map<string, Promise<Parcel>>();

  constructor(saved: Saved, room: Room) {
    this.#saved = saved;
    this.#room = room;
    if (!saved.verified) this.#check().catch(() => {});
  }

  async parcel(base: string | null, encoding: Encoding): Promise<Parcel> {
    const keep = this.#keep(base);
    const name = keep.size === 0 ? "" : sha256([...keep].join("\n"));
    return this.#once(`${encoding} ${name}`, async () => {
      if (!this.#saved.verified) await this.#check();
      return keep.size === 0 ? this.#full(encoding) : this.#delta(keep, encoding);
    });
  }

  roster(): Promise<Parcel> {
    return this.#once("roster", () => {
      const { manifest, record } = this.#saved;
      const list = renderStream({
        manifest,
        keep: [],
        entries: [],
        mtime: record.mtime,
        data: () => nothing,
      });
      return this.#hold(list, "gzip", 0);
    });
  }

  #once(name: string, make: () => Promise<Parcel>): Promise<Parcel> {
    const known = this.#made.get(name);
    if (known !== undefined) return known;
    const made = make();
    this.#made.set(name, made);
    // Who asks again after a failure gets another try.
    made.catch(() => this.#made.delete(name));
    return made;
  }

  #check(): Promise<void> {
    this.#checked ??= checkPacked(this.#saved);
    return this.#checked;
  }

  #keep(base: string | null): ReadonlySet<string> {
    if (base === null) return new Set();
    const key = sha256(base);
    const keep = this.#kept.get(key) ?? keptFrom(base, this.#saved.entries);
    this.#kept.set(key, keep);
    return keep;
  }

  async #full(encoding: Encoding): Promise<Parcel> {
    if (encoding !== "gzip") return this.#hold(readWhole(this.#saved), encoding, 0);
    if (!this.#saved.verified) for await (const _ of readWhole(this.#saved));
    const { size, digest } = this.#saved.record.packed;
    const { directory } = this.#saved;
    const descriptor = await openDescriptor(packedFile(directory), "r").catch((error: unknown) => {
      throw damaged(directory, "release.tar.gz cannot be read", error);
    });
    const shared = new SharedFile(descriptor, size);
    return { encoding, bytes: size, saved: 0, digest, read: () => shared.read() };
  }

  #delta(keep: ReadonlySet<string>, encoding: Encoding): Promise<Parcel> {
    const sizes = this.#saved.entries.map((entry) =>
      entry.type === "file" && keep.has(entry.path) ? entry.size : 0,
    );
    const saved = sizes.reduce((sum, size) => sum + size, 0);
    return this.#hold(renderDelta(this.#saved, keep), encoding, saved);
  }

  async #hold(stream: AsyncIterable<Uint8Array>, encoding: Encoding, saved: number): Promise<Parcel> {
    const { bytes, digest, read } = await hold(encode(stream, encoding), this.#saved.directory, this.#room);
    return { encoding, bytes, saved, digest, read };
  }
}

const nothing: AsyncIterable<Uint8Array> = { async *[Symbol.asyncIterator]() {} };

/** A number, not a handle: Node warns about handles that nobody closes by hand. */
const openDescriptor = promisify(open);
