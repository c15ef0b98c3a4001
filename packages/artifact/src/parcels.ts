import type { Encoding, Parcel } from "@deploy/core";
import { keptFrom, renderDelta } from "./delta.ts";
import { encode } from "./encode.ts";
import { hold, type Room } from "./hold.ts";
import { sha256 } from "./manifest.ts";
import type { Origin } from "./origin.ts";
import { renderStream } from "./stream.ts";

/** Makes each stream once, for whoever asks first, and gives it to all who need the same. */
export class Parcels {
  readonly #origin: Origin;
  readonly #room: Room;
  /** Base manifest -> what is kept of it: bases that keep the same share a parcel. */
  readonly #kept = new Map<string, ReadonlySet<string>>();
  readonly #made = new Map<string, Promise<Parcel>>();

  constructor(origin: Origin, room: Room) {
    this.#origin = origin;
    this.#room = room;
  }

  async parcel(base: string | null, encoding: Encoding): Promise<Parcel> {
    const keep = this.#keep(base);
    const name = keep.size === 0 ? "" : sha256([...keep].join("\n"));
    return this.#once(`${encoding} ${name}`, async () => {
      await this.#origin.check();
      return keep.size === 0 ? this.#full(encoding) : this.#delta(keep, encoding);
    });
  }

  roster(): Promise<Parcel> {
    return this.#once("roster", () => {
      const { manifest, mtime } = this.#origin;
      const list = renderStream({ manifest, keep: [], entries: [], mtime, data: () => nothing });
      return this.#hold(encode(list, "gzip"), "gzip", 0);
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

  #keep(base: string | null): ReadonlySet<string> {
    if (base === null) return new Set();
    const key = sha256(base);
    const keep = this.#kept.get(key) ?? keptFrom(base, this.#origin.entries);
    this.#kept.set(key, keep);
    return keep;
  }

  async #full(encoding: Encoding): Promise<Parcel> {
    if (encoding !== "gzip") return this.#hold(encode(this.#origin.whole(), encoding), encoding, 0);
    const gzip = await this.#origin.gzip();
    return "read" in gzip ? gzip : this.#hold(gzip, encoding, 0);
  }

  #delta(keep: ReadonlySet<string>, encoding: Encoding): Promise<Parcel> {
    const sizes = this.#origin.entries.map((entry) =>
      entry.type === "file" && keep.has(entry.path) ? entry.size : 0,
    );
    const saved = sizes.reduce((sum, size) => sum + size, 0);
    return this.#hold(encode(renderDelta(this.#origin, keep), encoding), encoding, saved);
  }

  async #hold(sent: AsyncIterable<Uint8Array>, encoding: Encoding, saved: number): Promise<Parcel> {
    const { bytes, digest, read } = await hold(sent, this.#origin.directory, this.#room);
    return { encoding, bytes, saved, digest, read };
  }
}

const nothing: AsyncIterable<Uint8Array> = { async *[Symbol.asyncIterator]() {} };
