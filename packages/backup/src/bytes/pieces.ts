/** One piece of a stream; only the last may be shorter, and may be empty only where the stream was. */
export interface Piece {
  readonly bytes: Buffer;
  readonly last: boolean;
}

/** The stream in pieces of exactly `size` bytes. Their memory is used again: a piece is good until the next one is asked for. */
export async function* pieces(
  source: AsyncIterable<Uint8Array>,
  size: number,
): AsyncGenerator<Piece, void, undefined> {
  const piece = Buffer.allocUnsafeSlow(size);
  let filled = 0;
  for await (const chunk of source) {
    for (let at = 0; at < chunk.length; ) {
      if (filled === size) {
        yield { bytes: piece, last: false };
        filled = 0;
      }
      const taken = Math.min(size - filled, chunk.length - at);
      piece.set(chunk.subarray(at, at + taken), filled);
      filled += taken;
      at += taken;
    }
  }
  yield { bytes: piece.subarray(0, filled), last: true };
}
