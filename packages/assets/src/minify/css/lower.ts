import { joined, type Mapped, type Piece } from "../../fingerprint/mapped.ts";
import type { Targets } from "../../tools/targets.ts";
import { type Addition, findAdditions } from "./additions.ts";
import type { CssDriver } from "./lightning.ts";
import type { Sheet } from "./sheet.ts";
import { findRewritten } from "./skeleton.ts";

/**
 * The style sheet for the browsers named: with the declarations they need beside those that are there, and in rules as
 * they can read them. All that was written is still there, in its order.
 */
export function lower(lightning: CssDriver, css: string, sheet: Sheet, targets: Targets): Mapped {
  const additions = findAdditions(lightning, sheet, targets);
  const pieces: Piece[] = [];
  let last = 0;
  for (const { start, end, parts } of findRewritten(lightning, sheet, targets)) {
    pieces.push(...piecesOf(css, additions, last, start));
    for (const part of parts) {
      if (typeof part === "string") pieces.push({ text: part, start, literal: false });
      else pieces.push(...piecesOf(css, additions, part.start, part.end));
    }
    last = end;
  }
  return joined([...pieces, ...piecesOf(css, additions, last, css.length)], css.length);
}

/** A part of the source with its additions. */
function piecesOf(css: string, additions: readonly Addition[], start: number, end: number): readonly Piece[] {
  const pieces: Piece[] = [];
  let last = start;
  for (const { at, text } of additions) {
    if (at < start || at >= end) continue;
    pieces.push({ text: css.slice(last, at), start: last, literal: true });
    pieces.push({ text, start: at, literal: false });
    last = at;
  }
  return [...pieces, { text: css.slice(last, end), start: last, literal: true }];
}
