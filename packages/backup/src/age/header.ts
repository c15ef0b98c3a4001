import { DeployError } from "@deploy/core";

/** As the format writes it: the last line of a header is `--- ` and 32 bytes in base64 without padding. */
const end = /\n--- [A-Za-z0-9+/]{43}\n/;
const intro = "age-encryption.org/v1\n";
/** Some hundred recipients, the large post-quantum ones too. */
const longest = 524_288;

export interface Opened {
  readonly header: Uint8Array;
  /** What stands behind the header. */
  readonly rest: AsyncGenerator<Uint8Array, void, undefined>;
}

/** Reads an age file up to the end of its header. Throws `backup-damaged` where there is none. */
export async function readHeader(source: AsyncIterable<Uint8Array>): Promise<Opened> {
  const chunks = source[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  for (;;) {
    const next = await chunks.next();
    if (next.done !== true) head = Buffer.concat([head, next.value]);
    const text = head.toString("latin1");
    if (!intro.startsWith(text.slice(0, intro.length))) throw noHeader("it does not begin as an age file");
    const found = end.exec(text);
    if (found !== null) {
      const size = found.index + found[0].length;
      return { header: head.subarray(0, size), rest: following(head.subarray(size), chunks) };
    }
    if (next.done === true) throw noHeader("it ends within the header");
    if (head.length > longest) throw noHeader(`the header does not end within ${longest} bytes`);
  }
}

async function* following(
  first: Uint8Array,
  chunks: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    if (first.length > 0) yield first;
    for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) yield next.value;
  } finally {
    await chunks.return?.();
  }
}

/** The same bytes in two parts: the first `size` of them, and what follows. */
export async function splitAt(
  source: AsyncGenerator<Uint8Array, void, undefined>,
  size: number,
): Promise<{ readonly first: Uint8Array; readonly rest: AsyncGenerator<Uint8Array, void, undefined> }> {
  let head = Buffer.alloc(0);
  while (head.length < size) {
    const next = await source.next();
    if (next.done === true) throw noHeader("it ends behind the header");
    head = Buffer.concat([head, next.value]);
  }
  return { first: head.subarray(0, size), rest: following(head.subarray(size), source) };
}

function noHeader(why: string): DeployError {
  return new DeployError("backup-damaged", `The stored object is no age file: ${why}`);
}
