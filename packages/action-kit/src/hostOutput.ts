/** Characters of one line, and of one host's output in one step, that are shown. */
const most = { line: 16_384, step: 1_048_576 } as const;

/** Makes lines of one host's output, which comes in pieces. What is too long is counted instead of shown. */
export class HostOutput {
  #line = "";
  #cut = 0;
  #shown = 0;
  #hidden = 0;

  /** The lines this piece ends. */
  add(text: string): readonly string[] {
    const [first = "", ...rest] = text.split("\n");
    this.#append(first);
    return rest.flatMap((piece) => {
      const ended = this.#end();
      this.#append(piece);
      return ended;
    });
  }

  /** The line that has no end, and how much was not shown. */
  finish(): readonly string[] {
    const last = this.#line === "" ? [] : this.#end();
    const note = this.#hidden === 0 ? [] : [`… (${this.#hidden} more characters are not shown)`];
    return [...last, ...note];
  }

  #append(piece: string): void {
    const room = most.line - this.#line.length;
    this.#line += piece.slice(0, room);
    this.#cut += Math.max(0, piece.length - room);
  }

  #end(): readonly string[] {
    const [line, cut] = [this.#line, this.#cut];
    [this.#line, this.#cut] = ["", 0];
    if (this.#shown + line.length > most.step) {
      this.#hidden += line.length + cut + 1;
      return [];
    }
    this.#shown += line.length + 1;
    return [cut === 0 ? line : `${line}… (${cut} more characters)`];
  }
}
