const begin = Buffer.from("--deploy-begin--\n");
/** Login files may print before it, but not books. */
const mostNoise = 65_536;

/** Lets pass what follows a script's begin line on stdout. */
export class Begin {
  #head: Buffer | undefined = Buffer.alloc(0);

  /** Whether the line came. */
  get seen(): boolean {
    return this.#head === undefined;
  }

  /** Bytes of ours in this chunk; throws where the line does not come. */
  after(chunk: Uint8Array): Uint8Array {
    if (this.#head === undefined) return chunk;
    this.#head = Buffer.concat([this.#head, chunk]);
    const at = positionIn(this.#head);
    if (at < 0 && this.#head.length > mostNoise)
      throw new Error("the host prints something else, and a lot of it");
    if (at < 0) return Buffer.alloc(0);
    const rest = this.#head.subarray(at + begin.length);
    this.#head = undefined;
    return rest;
  }
}

/** The first time it stands at the start of a line. */
function positionIn(head: Buffer): number {
  for (let at = head.indexOf(begin); at >= 0; at = head.indexOf(begin, at + 1)) {
    if (at === 0 || head[at - 1] === 0x0a) return at;
  }
  return -1;
}
