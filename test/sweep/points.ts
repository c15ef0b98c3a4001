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
 * One point for each kind of operation. Which moment, and which of several operations of a kind (they are of other hosts,
 * mostly), is another one for each seed: `2 * n` seeds in a row are all points of a kind with `n` operations.
 */
export function samplePoints(operations: readonly string[], seed: number): readonly Point[] {
  const kinds = [...new Set(operations)];
  return kinds.map((kind, index) => {
    const points = everyPoint(operations).filter(({ at }) => operations[at - 1] === kind);
    return points[(seed + index) % points.length] as Point;
  });
}
