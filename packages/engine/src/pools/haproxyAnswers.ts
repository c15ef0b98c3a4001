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
