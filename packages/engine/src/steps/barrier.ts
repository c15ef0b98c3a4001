import { few } from "@deploy/core";

/**
 * Many wait for all: it opens when every one of them is ready, and shuts for good as soon as one cannot be. What it decided
 * stays decided.
 */
export class Barrier {
  /** True: opened. Never rejects. */
  readonly decided: Promise<boolean>;
  readonly #missing: Set<string>;
  readonly #open: () => boolean;
  #resolve: (open: boolean) => void = () => {};
  #state: "waiting" | "open" | "shut" = "waiting";
  #why = "";
  #late: readonly string[] = [];

  /** `open` is asked once, when all are ready; false shuts instead. */
  constructor(names: readonly string[], open: () => boolean) {
    this.#missing = new Set(names);
    this.#open = open;
    this.decided = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  get isOpen(): boolean {
    return this.#state === "open";
  }

  get isShut(): boolean {
    return this.#state === "shut";
  }

  /** Why it was shut. */
  get why(): string {
    return this.#why;
  }

  /** Those that were not ready when it was given up. */
  get late(): readonly string[] {
    return this.#late;
  }

  ready(name: string): void {
    this.#missing.delete(name);
    if (this.#missing.size > 0 || this.#state !== "waiting") return;
    if (this.#open()) {
      this.#state = "open";
      this.#resolve(true);
    } else this.shut("the run was stopped");
  }

  /** It was ready and is not any more, but may be again. */
  unready(name: string): void {
    this.#missing.add(name);
  }

  /** Shuts, and names those that are missing. */
  giveUp(why: string): void {
    if (this.#state !== "waiting") return;
    this.#late = [...this.#missing];
    this.shut(`${few(this.#late)} ${this.#late.length === 1 ? "was" : "were"} ${why}`);
  }

  shut(why: string): void {
    if (this.#state !== "waiting") return;
    this.#state = "shut";
    this.#why = why;
    this.#resolve(false);
  }
}
