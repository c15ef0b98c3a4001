import { type Parcel, problemOf, type StoreSettings } from "@deploy/core";
import type { Means, Shelf } from "../means.ts";
import type { Control } from "../types.ts";

/** Gives an address of a parcel, which is a secret, each time it is called. */
type Address = () => Promise<string>;

/** The stores that hosts fetch from: each opened once, each parcel put there once, everything taken away at the end. */
export class Shelves {
  readonly #control: Pick<Control, "events" | "signal">;
  readonly #means: Means;
  readonly #open = new Map<string, Promise<Shelf>>();
  readonly #put = new Map<string, Promise<Address | undefined>>();

  constructor(control: Pick<Control, "events" | "signal">, means: Means) {
    this.#control = control;
    this.#means = means;
  }

  /** Undefined where the parcel cannot be put there: that was told, once for all hosts. */
  put(store: StoreSettings, parcel: Parcel): Promise<Address | undefined> {
    const key = `${JSON.stringify(store)} ${parcel.digest}`;
    const found = this.#put.get(key) ?? this.#store(store, parcel);
    this.#put.set(key, found);
    return found;
  }

  async clear(): Promise<void> {
    const shelves = await Promise.allSettled(this.#open.values());
    const said = await Promise.all(
      shelves.map((shelf) => (shelf.status === "fulfilled" ? shelf.value.clear() : undefined)),
    );
    for (const text of said) if (text !== undefined) this.#control.events({ kind: "note", text });
  }

  async #store(store: StoreSettings, parcel: Parcel): Promise<Address | undefined> {
    try {
      const shelf = await this.#shelf(store);
      const { url } = await shelf.put(parcel, this.#control.signal);
      return url;
    } catch (error) {
      const text = `the upload cannot be put into ${store.to}: ${problemOf(error).message}; sending it instead`;
      this.#control.events({ kind: "note", text });
      return undefined;
    }
  }

  #shelf(store: StoreSettings): Promise<Shelf> {
    const key = JSON.stringify(store);
    const { shelf } = this.#means;
    if (shelf === undefined) throw new Error("pull without its means");
    const found = this.#open.get(key) ?? shelf(store);
    this.#open.set(key, found);
    return found;
  }
}
