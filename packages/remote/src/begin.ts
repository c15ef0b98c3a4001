import { begin } from "./answer.ts";

const line = Buffer.from(`${begin}\n`);
/** Login files may print before it, but not books. */
const mostNoise = 65_536;

/** Lets pass what follows a script's begin line on stdout, be it any bytes. */
export class Begin {
  #head: Buffer | undefined = Buffer.alloc(0);

  /** Whether the line came. Without it there were no bytes of ours. */
  get seen(): boolean {
    return this.#head === undefined;
  }

  /** Bytes of ours in this chunk; undefined where the host prints something else, and a lot of it. */
  after(chunk: Uint8Array): Uint8Array | undefined {
    if (this.#head === undefined) return chunk;
    this.#head = Buffer.concat([this.#head, chunk]);
    const at = positionIn(this.#head);
    if (at < 0) return this.#head.length > mostNoise ? undefined : Buffer.alloc(0);
    const rest = this.#head.subarray(at + line.length);
    this.#head = undefined;
    return rest;
  }
}

/** The first time it stands at the start of a line. */
function positionIn(head: Buffer): number {
  for (let at = head.indexOf(line); at >= 0; at = head.indexOf(line, at + 1)) {
    if (at === 0 || head[at - 1] === 0x0a) return at;
  }
  return -1;
}
