import { type CSSToken, type TokenString, TokenType, tokenize } from "@csstools/css-tokenizer";
import { type Mapped, unescaped, within } from "./mapped.ts";
import { type Manner, type Reference, referenceTo } from "./reference.ts";

const worthLooking = /url|@|image-set|src\(|\\/i;
const holders = new Set(["url", "src", "image-set", "-webkit-image-set"]);
// https://www.w3.org/TR/css-syntax-3/#consume-escaped-code-point
const escapes = /\\(?:([0-9a-f]{1,6})(?:\r\n|[ \t\n\r\f])?|(\r\n|[\n\r\f])|([\s\S]))/giu;

/** What a style sheet names: `url()`, `src()`, `@import`, and the strings of `image-set()`. */
export function cssReferences(sheet: Mapped): readonly Reference[] {
  if (!worthLooking.test(sheet.text)) return [];
  const found: Reference[] = [];
  const open: string[] = [];
  let importing = false;
  for (const token of tokenize({ css: sheet.text }, { onParseError: () => {} })) {
    const inner = addressOf(token, importing, open.at(-1));
    const manner: Manner = { kind: importing ? "import" : "url" };
    const reference = inner && referenceTo(readable(within(sheet, ...inner)), manner);
    if (reference !== undefined) found.push(reference);
    if (token[0] === TokenType.AtKeyword) importing = token[4].value.toLowerCase() === "import";
    else if (!isSpace(token)) importing = importing && token[0] === TokenType.Function && isUrl(token);
    if (token[0] === TokenType.Function) open.push(token[4].value.toLowerCase());
    else if (token[0] === TokenType.OpenParen) open.push("");
    else if (token[0] === TokenType.CloseParen) open.pop();
  }
  return found;
}

/** Where the address stands in the sheet, escapes and all, for a token that is one. */
function addressOf(token: CSSToken, importing: boolean, holder?: string): [number, number] | undefined {
  if (token[0] === TokenType.URL) {
    const before = /^[^(]*\(\s*/.exec(token[1])?.[0].length ?? 0;
    const after = /\s*\)?$/.exec(token[1])?.[0].length ?? 0;
    return [token[2] + before, token[3] + 1 - after];
  }
  if (token[0] !== TokenType.String) return undefined;
  return importing || holders.has(holder ?? "") ? insideQuotes(token) : undefined;
}

function insideQuotes(token: TokenString): [number, number] {
  const closed = token[1].length > 1 && token[1].at(-1) === token[1].at(0);
  return [token[2] + 1, token[3] + (closed ? 0 : 1)];
}

function readable(raw: Mapped): Mapped {
  return unescaped(raw, escapes, ([, hex, newline, other]) => {
    if (hex === undefined) return newline === undefined ? (other ?? "") : "";
    const code = Number.parseInt(hex, 16);
    const valid = code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
    return valid ? String.fromCodePoint(code) : "\ufffd";
  });
}

function isSpace(token: CSSToken): boolean {
  return token[0] === TokenType.Whitespace || token[0] === TokenType.Comment;
}

function isUrl(token: CSSToken): boolean {
  return token[0] === TokenType.Function && token[4].value.toLowerCase() === "url";
}
