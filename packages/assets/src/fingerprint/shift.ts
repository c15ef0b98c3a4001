import type { Edit } from "./edit.ts";

const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/**
 * Moves a source map's columns behind edits of the generated text, each within its line: a longer name in a minified
 * file would put every later mapping of the line beside its place. Columns are the first number of each segment,
 * relative to the segment before (https://tc39.es/ecma426/#sec-mappings).
 */
export function shiftMappings(mappings: string, text: string, edits: readonly Edit[]): string {
  const byLine = linesOf(text, edits);
  if (byLine.size === 0) return mappings;
  const lines = mappings.split(";");
  for (const [line, moves] of byLine) {
    const old = lines[line];
    if (old !== undefined) lines[line] = shiftLine(old, moves);
  }
  return lines.join(";");
}

interface Move {
  /** Columns from here on move. */
  readonly from: number;
  readonly by: number;
}

function linesOf(text: string, edits: readonly Edit[]): ReadonlyMap<number, readonly Move[]> {
  const lines = new Map<number, Move[]>();
  let line = 0;
  let start = 0;
  for (const edit of [...edits].sort((a, b) => a.start - b.start)) {
    for (let next = text.indexOf("\n", start); next !== -1 && next < edit.start; ) {
      line += 1;
      start = next + 1;
      next = text.indexOf("\n", start);
    }
    const by = edit.text.length - (edit.end - edit.start);
    if (by === 0) continue;
    lines.set(line, [...(lines.get(line) ?? []), { from: edit.end - start, by }]);
  }
  return lines;
}

function shiftLine(line: string, moves: readonly Move[]): string {
  let column = 0;
  let written = 0;
  const segments = line.split(",").map((segment) => {
    if (segment === "") return segment;
    const { value, length } = readVlq(segment);
    column += value;
    const moved = moves.reduce((sum, move) => (column >= move.from ? sum + move.by : sum), column);
    const out = writeVlq(moved - written) + segment.slice(length);
    written = moved;
    return out;
  });
  return segments.join(",");
}

function readVlq(text: string): { value: number; length: number } {
  let value = 0;
  let scale = 1;
  for (let index = 0; index < text.length; index++) {
    const digit = digits.indexOf(text.charAt(index));
    value += (digit & 31) * scale;
    scale *= 32;
    if (digit < 32) return { value: value % 2 === 1 ? -(value - 1) / 2 : value / 2, length: index + 1 };
  }
  return { value: 0, length: text.length };
}

function writeVlq(value: number): string {
  let rest = value < 0 ? -value * 2 + 1 : value * 2;
  let out = "";
  do {
    const digit = rest % 32;
    rest = Math.floor(rest / 32);
    out += digits.charAt(rest > 0 ? digit + 32 : digit);
  } while (rest > 0);
  return out;
}
