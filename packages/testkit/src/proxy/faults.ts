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
  hold: Hold | undefined;
}

/** Where one direction's bytes wait, none of them lost. */
export interface Hold {
  readonly direction: Direction;
  /** How many of the next so many may pass; asked once for each chunk. */
  readonly admits: (length: number) => number;
  /** Called once the next byte is there and waits. */
  readonly reached: () => void;
  readonly released: Promise<void>;
  readonly release: () => void;
}

export const noFaults = (): Faults => ({
  latency: 0,
  slice: 0,
  stalled: false,
  left: undefined,
  when: undefined,
  hold: undefined,
});

export function holdBy(
  admits: Hold["admits"],
  direction: Direction,
): Hold & { readonly held: Promise<void> } {
  const [held, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  return {
    ...{ direction, admits, reached: held.resolve, held: held.promise },
    ...{ released: released.promise, release: released.resolve },
  };
}

/** Admits so many bytes, and none after them. */
export function allowance(bytes: number): Hold["admits"] {
  let left = bytes;
  return (length) => {
    const pass = Math.min(length, left);
    left -= pass;
    return pass;
  };
}

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
