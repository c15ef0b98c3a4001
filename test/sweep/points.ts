/** Where a coordinator is killed: just before or just after its `at`-th remote operation, counted from 1. */
export interface Point {
  readonly at: number;
  readonly when: "before" | "after";
}

const moments = ["before", "after"] as const;

export function everyPoint(operations: readonly string[]): readonly Point[] {
  return operations.flatMap((_, index) => moments.map((when) => ({ at: index + 1, when })));
}

/**
 * One point for each second kind of operation. Which kinds, which moment, and which of several operations of a kind (they
 * are of other hosts, mostly) differs by seed: `4 * n` seeds in a row are all points of a kind with `n` operations.
 */
export function samplePoints(operations: readonly string[], seed: number): readonly Point[] {
  const kinds = [...new Set(operations)];
  return kinds.flatMap((kind, index) => {
    if ((index + seed) % 2 === 1) return [];
    const points = everyPoint(operations).filter(({ at }) => operations[at - 1] === kind);
    return [points[(Math.floor(seed / 2) + index) % points.length] as Point];
  });
}
