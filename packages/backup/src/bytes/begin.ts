const begin = Buffer.from("--deploy-begin--\n");
/** Login files may print before it, but not books. */
const mostNoise = 65_536;

/** Whether the line came. Without it there were no bytes of ours. */
export type Began = "began" | "silent" | "noise";

/** What follows a script's begin line on stdout. */
export async function* afterBegin(
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, Began, undefined> {
  let head: Buffer | undefined = Buffer.alloc(0);
  for await (const chunk of source) {
    if (head === undefined) {
      yield chunk;
      continue;
    }
    head = Buffer.concat([head, chunk]);
    const at = positionOfBegin(head);
    if (at >= 0) {
      const rest = head.subarray(at + begin.length);
      head = undefined;
      if (rest.length > 0) yield rest;
    } else if (head.length > mostNoise) {
      return "noise";
    }
  }
  return head === undefined ? "began" : "silent";
}

/** The first time it stands at the start of a line. */
function positionOfBegin(head: Buffer): number {
  for (let at = head.indexOf(begin); at >= 0; at = head.indexOf(begin, at + 1)) {
    if (at === 0 || head[at - 1] === 0x0a) return at;
  }
  return -1;
}
