/** One line of the closing table: a command, how it ended, and what each server answered then. */
export interface Entry {
  readonly event: string;
  readonly exitCode: number;
  /** By server, in order. */
  readonly live: readonly string[];
  readonly migrations: number;
  readonly uploads: string;
}

/** The closing table as text. */
export function renderLedger(hosts: readonly string[], entries: readonly Entry[]): string {
  const header = ["what happened", "exit", ...hosts, "migrations run", "uploads"];
  const rows = entries.map((entry) => [
    entry.event,
    String(entry.exitCode),
    ...entry.live,
    String(entry.migrations),
    entry.uploads,
  ]);
  const widths = header.map((title, column) =>
    Math.max(...[header, ...rows].map((row) => (row[column] ?? title).length)),
  );
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd();
  const rule = widths.map((width) => "-".repeat(width)).join("  ");
  return [line(header), rule, ...rows.map(line)].join("\n");
}
