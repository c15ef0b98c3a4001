import { DeployError } from "@deploy/core";

/** Bytes of an object: from `start` to `end`, both included, counted from 0. */
export interface Range {
  readonly start: number;
  readonly end?: number;
}

/** Throws `object-range` for what no object has. */
export function checkRange(range: Range | undefined, place: string): void {
  if (range === undefined) return;
  const { start, end = Number.MAX_SAFE_INTEGER } = range;
  if (Number.isSafeInteger(start) && Number.isSafeInteger(end) && start >= 0 && end >= start) return;
  const message = `Bytes ${start} to ${range.end ?? "the end"} of ${place} are no range`;
  throw new DeployError("object-range", message, { place: { path: place } });
}
