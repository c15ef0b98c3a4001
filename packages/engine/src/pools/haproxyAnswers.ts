import type { Tally } from "./driver.ts";

/** By the names of the columns. */
export type Row = Readonly<Record<string, string>>;

/** The rows of a table whose columns are named by its line with a `#`: newer versions add columns anywhere. Empty for any other text. */
export function rowsOf(text: string, separator: " " | ","): readonly Row[] {
  const lines = text.split("\n").filter((line) => line !== "");
  const head = lines.findIndex((line) => line.startsWith("# "));
  if (head < 0) return [];
  const names = (lines[head] ?? "").slice(2).split(separator);
  return lines.slice(head + 1).map((line) => {
    const cells = line.split(separator);
    return Object.fromEntries(names.map((name, index) => [name, cells[index] ?? ""]));
  });
}

const answered = ["hrsp_1xx", "hrsp_2xx", "hrsp_3xx", "hrsp_4xx", "hrsp_5xx", "hrsp_other"];
const lost = ["econ", "eresp"];

/** Of a server's line in `show stat`: answers by their class, and what never became one. In TCP mode sessions are counted. */
export function tallyIn(row: Row): Tally {
  const of = (names: readonly string[]): number =>
    names.reduce((sum, name) => sum + Number(row[name] ?? 0), 0);
  const errors = of([...lost, "hrsp_5xx"]);
  const requests = of([...answered, ...lost]);
  return { requests: Math.max(requests, answered.some((name) => row[name]) ? 0 : of(["stot"])), errors };
}
