export type Direction = "toServer" | "toClient";

/** Bytes that came in, both ways, since the proxy was opened. */
export interface Bytes {
  readonly toServer: number;
  readonly toClient: number;
}

/** What the proxy does to every connection right now. */
export interface Faults {
  latency: number;
  slice: number;
  stalled: boolean;
  /** How many more bytes may pass this way before the cut. */
  left: { direction: Direction; bytes: number } | undefined;
  when: ((bytes: Bytes) => boolean) | undefined;
}

export const noFaults = (): Faults => ({
  latency: 0,
  slice: 0,
  stalled: false,
  left: undefined,
  when: undefined,
});

/** The part of a chunk that may pass, and whether the connections are cut behind it. Counts the allowance down. */
export function admit(
  faults: Faults,
  direction: Direction,
  chunk: Buffer,
  bytes: Bytes,
): { pass: Buffer; cut: boolean } {
  const { left } = faults;
  if (left !== undefined && left.direction === direction) {
    const pass = chunk.subarray(0, left.bytes);
    left.bytes -= pass.length;
    if (left.bytes === 0) return { pass, cut: true };
  }
  return { pass: chunk, cut: faults.when?.(bytes) === true };
}

/** The chunk in pieces of `size` bytes, whole for 0. */
export function slices(chunk: Buffer, size: number): Buffer[] {
  if (size === 0 || chunk.length <= size) return [chunk];
  const count = Math.ceil(chunk.length / size);
  return Array.from({ length: count }, (_, index) => chunk.subarray(index * size, (index + 1) * size));
}
