import { cleanLine } from "./clean.ts";

const wide =
  /[\u{1100}-\u{115f}\u{2e80}-\u{a4cf}\u{ac00}-\u{d7a3}\u{f900}-\u{faff}\u{fe30}-\u{fe6f}\u{ff00}-\u{ff60}\u{ffe0}-\u{ffe6}\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
const noWidth = /\p{Mark}/u;

/** Columns a text takes in a terminal; simple on purpose: wide East Asian letters and emoji two, marks none. */
export function displayWidth(text: string): number {
  return [...text].reduce((sum, letter) => sum + (noWidth.test(letter) ? 0 : wide.test(letter) ? 2 : 1), 0);
}

/** Rows in aligned columns, two spaces apart, nothing after the last; cells are cleaned. */
export function textTable(rows: readonly (readonly string[])[], indent = ""): readonly string[] {
  const clean = rows.map((row) => row.map(cleanLine));
  const columns = Math.max(0, ...clean.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, index) =>
    clean.reduce((most, row) => Math.max(most, displayWidth(row[index] ?? "")), 0),
  );
  return clean.map((row) => {
    const cells = row.map((cell, index) => cell + " ".repeat((widths[index] ?? 0) - displayWidth(cell)));
    return `${indent}${cells.join("  ")}`.trimEnd();
  });
}
