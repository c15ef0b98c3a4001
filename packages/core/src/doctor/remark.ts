/** ok: as it should be; warn: a deploy works, and somebody is in for a surprise; stop: it does not work; unknown: nobody could tell. */
export type Level = "ok" | "warn" | "stop" | "unknown";

/** One line of `deploy doctor`. */
export interface Remark {
  readonly level: Level;
  /** What was looked at: `ssh`, `clock`, `certificate`. */
  readonly about: string;
  /** Whose it is; absent: everybody's. */
  readonly host?: string;
  /** What was found, and why it matters. */
  readonly text: string;
  /** What mends it: a command where there is one. */
  readonly fix?: string;
  /** The same in an action, where it is another than at a desk. */
  readonly inAction?: string;
}

/** A remark where the condition holds, and `ok` where it does not. */
export function judge(bad: boolean, remark: Remark, good: string): Remark {
  if (bad) return remark;
  const { about, host } = remark;
  return { level: "ok", about, ...(host === undefined ? {} : { host }), text: good };
}
