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
}

const order: readonly Level[] = ["stop", "warn", "unknown", "ok"];
const words: Readonly<Record<Level, string>> = {
  ...{ stop: "stop", warn: "warn", unknown: "not known", ok: "ok" },
};

/** As people read it: the worst first, each with what mends it below it. */
export function renderRemarks(remarks: readonly Remark[]): string {
  const lines = order.flatMap((level) => remarks.filter((remark) => remark.level === level).map(lineOf));
  const count = (level: Level) => remarks.filter((remark) => remark.level === level).length;
  const sum = order.map((level) => `${count(level)} ${words[level]}`).join(" · ");
  return [...lines, "", sum].join("\n");
}

function lineOf({ level, about, host, text, fix }: Remark): string {
  const where = host === undefined ? about : `${host} ${about}`;
  const line = `${words[level].padEnd(9)}  ${where}: ${text}`;
  return fix === undefined ? line : `${line}\n           → ${fix}`;
}

/** A remark where the condition holds, and `ok` where it does not. */
export function judge(bad: boolean, remark: Remark, good: string): Remark {
  if (bad) return remark;
  const { about, host } = remark;
  return { level: "ok", about, ...(host === undefined ? {} : { host }), text: good };
}
