import { few } from "@deploy/core";
import type { Counted } from "@deploy/remote";

/** Looks at the source before and after its dump, and at the restored copy. */
export interface Looks {
  readonly before: Counted;
  readonly after: Counted;
  readonly restored: Counted;
}

/**
 * What the restored copy lacks; empty: nothing. People go on writing while a dump is made, so a table whose count was the same before
 * and after must have it in the copy too, and one that moved may have at most 1 % or 10 rows less than the smaller of the two.
 * More rows than now are no loss. The schema must be that of before or of after.
 */
export function compareCounts({ before, after, restored }: Looks): readonly string[] {
  const schema = restored.schema === before.schema || restored.schema === after.schema;
  const first = rowsOf(before);
  const last = rowsOf(after);
  const copy = rowsOf(restored);
  // A table that was made or dropped meanwhile may be in the copy or not.
  const tables = [...first.keys()].filter((name) => last.has(name));
  const missing = tables.filter((name) => !copy.has(name));
  const short = tables.flatMap((name) => {
    const rows = copy.get(name);
    const [one = 0, two = 0] = [first.get(name), last.get(name)];
    if (rows === undefined || rows >= leastOf(one, two)) return [];
    return [
      `${name} has ${rows} rows instead of ${one === two ? one : `${Math.min(one, two)} to ${Math.max(one, two)}`}`,
    ];
  });
  return [
    ...(schema ? [] : ["the schema is another one"]),
    ...(missing.length > 0 ? [`${few(missing)} ${missing.length === 1 ? "is" : "are"} missing`] : []),
    ...(short.length > 0 ? [few(short)] : []),
  ];
}

function leastOf(one: number, two: number): number {
  const least = Math.min(one, two);
  return one === two ? least : least - Math.max(10, Math.ceil(least / 100));
}

function rowsOf({ tables }: Counted): ReadonlyMap<string, number> {
  return new Map(tables.map(({ name, rows }) => [name, rows]));
}
