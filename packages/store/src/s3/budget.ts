/** Room in memory that all uploads of a store share. First come, first served; what is larger than all of it waits to be alone. */
export class Budget {
  readonly #total: number;
  #held = 0;
  readonly #waiting: { readonly size: number; readonly go: () => void }[] = [];

  constructor(total: number) {
    this.#total = total;
  }

  async take(size: number): Promise<void> {
    if (this.#waiting.length === 0 && this.#fits(size)) {
      this.#held += size;
      return;
    }
    await new Promise<void>((go) => this.#waiting.push({ size, go }));
  }

  give(size: number): void {
    this.#held -= size;
    for (let next = this.#waiting[0]; next !== undefined && this.#fits(next.size); next = this.#waiting[0]) {
      this.#held += next.size;
      this.#waiting.shift();
      next.go();
    }
  }

  #fits(size: number): boolean {
    return this.#held === 0 || this.#held + size <= this.#total;
  }
}
