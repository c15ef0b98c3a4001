/** The end of a text that comes in parts, at most so many characters. */
export class Tail {
  readonly #most: number;
  #text = "";

  constructor(most: number) {
    this.#most = most;
  }

  add(text: string): void {
    this.#text = (this.#text + text).slice(-this.#most);
  }

  text(): string {
    return this.#text;
  }
}
