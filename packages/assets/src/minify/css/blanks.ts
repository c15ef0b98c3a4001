import { type CSSToken, TokenType } from "@csstools/css-tokenizer";

/** Where tokens stand: white space means something else in each. */
export type Manner = "selector" | "prelude" | "value" | "unknown";

/** Brackets around a place, outermost first; a function by its name. */
export type Open = readonly string[];

const never = new Set<TokenType>([
  TokenType.Comma,
  TokenType.OpenParen,
  TokenType.Function,
  TokenType.OpenSquare,
]);
const neverBefore = new Set<TokenType>([TokenType.Comma, TokenType.CloseParen, TokenType.CloseSquare]);
const apart = new Set<TokenType>([
  ...never,
  ...neverBefore,
  TokenType.Colon,
  TokenType.Semicolon,
  TokenType.OpenCurly,
  TokenType.CloseCurly,
]);
const numbers = new Set<TokenType>([TokenType.Number, TokenType.Dimension, TokenType.Percentage]);

/** Whether white space that stands between two tokens must stay there. */
export function isNeeded(manner: Manner, before: CSSToken, after: CSSToken, open: Open): boolean {
  if (manner === "unknown") return true;
  if (never.has(before[0]) || neverBefore.has(after[0])) return false;
  if (manner === "selector") return open.length > 0 || !(combines(before, after) || combines(after, before));
  if (manner === "prelude") return before[0] !== TokenType.Colon || open.at(-1) !== "(";
  const marks = ["!", ...(isDelim(before, "*") || isDelim(after, "*") ? [] : ["/"])];
  return !marks.some((mark) => isDelim(before, mark) || isDelim(after, mark));
}

/** `a > b`; not `a + 5`, in which "+5" would be a number. */
function combines(one: CSSToken, other: CSSToken): boolean {
  return [">", "~", "+"].some((mark) => isDelim(one, mark)) && !numbers.has(other[0]);
}

/** Whether two tokens might be read as others when the comment between them is gone. */
export function mayJoin(before: CSSToken, after: CSSToken): boolean {
  return !apart.has(before[0]) && !apart.has(after[0]);
}

export function isDelim(token: CSSToken, mark: string): boolean {
  return token[0] === TokenType.Delim && token[1] === mark;
}

/** After these a line must end: a string without its end, and a backslash that escapes nothing. */
export function endsWithLine(token: CSSToken): boolean {
  return token[0] === TokenType.BadString || isDelim(token, "\\");
}
