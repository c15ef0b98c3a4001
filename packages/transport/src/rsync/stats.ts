/** What `--stats` told, in bytes. `literal`: what was not found on the host; `matched`: parts of files that were. */
export interface RsyncStats {
  readonly literal: number;
  readonly matched: number;
}

/** Undefined where the lines are not there: then nobody knows. Separators of thousands are let pass. */
export function statsOf(text: string): RsyncStats | undefined {
  const [literal, matched] = ["Literal data", "Matched data"].map((name) => numberAfter(text, name));
  return literal === undefined || matched === undefined ? undefined : { literal, matched };
}

function numberAfter(text: string, name: string): number | undefined {
  const found = new RegExp(`^${name}: ([\\d.,]{1,20}) bytes`, "m").exec(text)?.[1];
  return found === undefined ? undefined : Number(found.replaceAll(/[.,]/g, ""));
}
