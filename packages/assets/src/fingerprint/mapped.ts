/** Text as its reader sees it (escapes resolved), with the way back to where each character stands in the file. */
export interface Mapped {
  readonly text: string;
  /** Offset in the file of the character at `index`; `index` may be the text's length. */
  readonly at: (index: number) => number;
}

export function plain(text: string): Mapped {
  return { text, at: (index) => index };
}

export function within(outer: Mapped, start: number, end: number): Mapped {
  return { text: outer.text.slice(start, end), at: (index) => outer.at(start + index) };
}

/** A run of the file that stands for `text`: itself, or what an entity or escape means. */
export interface Piece {
  readonly text: string;
  readonly start: number;
  /** Each character stands for itself. */
  readonly literal: boolean;
}

/** Pieces in a row as one text; `end` is where the last one ends in the file. */
export function joined(pieces: readonly Piece[], end: number): Mapped {
  const [only, more] = pieces;
  if (only?.literal === true && more === undefined) {
    return { text: only.text, at: (index) => only.start + index };
  }
  const places: number[] = [];
  for (const { text, start, literal } of pieces) {
    for (let index = 0; index < text.length; index++) places.push(literal ? start + index : start);
  }
  places.push(end);
  return { text: pieces.map((piece) => piece.text).join(""), at: (index) => places[index] ?? end };
}

/** The text with every match of `escapes` (a global pattern) replaced by what `decode` makes of it. */
export function unescaped(raw: Mapped, escapes: RegExp, decode: (match: RegExpMatchArray) => string): Mapped {
  const pieces: Piece[] = [];
  let last = 0;
  const keep = (end: number) => {
    for (let index = last; index < end; index++) {
      pieces.push({ text: raw.text.charAt(index), start: raw.at(index), literal: true });
    }
  };
  for (const match of raw.text.matchAll(escapes)) {
    keep(match.index);
    pieces.push({ text: decode(match), start: raw.at(match.index), literal: false });
    last = match.index + match[0].length;
  }
  if (last === 0) return raw;
  keep(raw.text.length);
  return joined(pieces, raw.at(raw.text.length));
}
