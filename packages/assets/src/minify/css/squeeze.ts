import { type CSSToken, TokenType } from "@csstools/css-tokenizer";
import { endsWithLine, isNeeded, type Manner, mayJoin } from "./blanks.ts";
import type { Mark } from "./map.ts";
import { type Item, isSpace, type Sheet } from "./sheet.ts";

export interface Squeezed {
  readonly text: string;
  readonly marks: readonly Mark[];
}

/**
 * The same style sheet in fewer characters: white space and comments that mean nothing are gone, `0.5` is `.5`, and
 * `#ffffff` is `#fff`. Every rule, declaration and value stays, in its order and as it was written, whether or not any
 * browser knows it: so nothing is merged, and no hack is a fault.
 */
export function squeeze({ tokens, items }: Sheet): Squeezed {
  const writer = new Writer(tokens);
  writer.items(items, true);
  return { text: writer.text, marks: writer.marks };
}

class Writer {
  text = "";
  readonly marks: Mark[] = [];
  readonly #tokens: readonly CSSToken[];
  #last: CSSToken | undefined;

  constructor(tokens: readonly CSSToken[]) {
    this.#tokens = tokens;
  }

  items(items: readonly Item[], top: boolean): void {
    let owed = false;
    for (const item of items) {
      const first = this.#tokens[item.start];
      if (first === undefined || (item.kind === "loose" && isSpace(first) && !isLicence(first))) continue;
      const ends = first[0] === TokenType.Semicolon;
      // The last ";" of a block says nothing; neither do several in a row.
      if (owed && ends) continue;
      if (owed) this.#put(";");
      owed = false;
      if (item.kind !== "loose") this.#item(item, first);
      else if (ends) this.#put(";");
      else this.#put(isLicence(first) && top ? `${first[1]}\n` : first[1], first);
      owed = !top && (item.kind === "declaration" || item.kind === "custom");
    }
  }

  #item(item: Item, first: CSSToken): void {
    const { kind, start, end, at, block } = item;
    // Anywhere but at the very beginning it means nothing, and might come to stand there.
    if (kind === "statement" && at === "charset" && first[2] > 0) return;
    this.marks.push([this.text.length, first[2]]);
    if (kind === "declaration" || kind === "custom") this.#declaration(item);
    else this.#span(start, end, at === undefined ? "selector" : "prelude");
    if (kind === "statement" && this.#tokens[end]?.[0] === TokenType.Semicolon) this.#put(";");
    if (block === undefined) return;
    this.#put("{");
    this.items(block.items, false);
    if (block.closed) this.#put("}");
  }

  /** A name, a ":" and a value; what lacks them is left as it is, but for long white space. */
  #declaration({ kind, start, end }: Item): void {
    let colon = start;
    while (colon < end && this.#tokens[colon]?.[0] !== TokenType.Colon) colon += 1;
    this.#span(start, colon, "unknown");
    if (colon === end) return;
    this.#put(":");
    const value = this.#tokens.slice(colon + 1, end);
    const raw = value.map(([, text]) => text).join("");
    if (kind === "custom") this.#put(raw.trim() || " ", value.at(-1));
    else if (forExplorer.test(raw)) this.#put(raw.trim(), value.at(-1));
    else this.#span(colon + 1, end, "value");
  }

  #span(start: number, end: number, manner: Manner): void {
    const open: string[] = [];
    let before: CSSToken | undefined;
    let between = "";
    for (const token of this.#tokens.slice(start, end)) {
      if (isSpace(token)) {
        between += token[0] === TokenType.Whitespace ? " " : "/";
        continue;
      }
      if (before !== undefined) this.#put(separator(manner, before, token, open, between));
      if (token[0] === TokenType.Function || token[0] === TokenType.OpenParen)
        open.push(token[1].toLowerCase());
      else if (token[0] === TokenType.OpenSquare) open.push("[");
      else if (token[0] === TokenType.CloseParen || token[0] === TokenType.CloseSquare) open.pop();
      this.#put(manner === "value" ? shorter(token, open) : token[1], token);
      [before, between] = [token, ""];
    }
  }

  #put(text: string, last?: CSSToken): void {
    if (text === "") return;
    if (this.#last !== undefined && endsWithLine(this.#last)) this.text += "\n";
    this.text += text;
    this.#last = last;
  }
}

/** Only Internet Explorer reads these, by rules of its own. */
const forExplorer = /progid:|expression\(|alpha\(/i;

function isLicence(token: CSSToken): boolean {
  return token[0] === TokenType.Comment && token[1].startsWith("/*!");
}

function separator(
  manner: Manner,
  before: CSSToken,
  after: CSSToken,
  open: readonly string[],
  between: string,
): string {
  if (between.includes(" ")) return isNeeded(manner, before, after, open) ? " " : "";
  return between !== "" && mayJoin(before, after) ? "/**/" : "";
}

/** The same number or colour. `element(#aabbcc)` names no colour. */
function shorter(token: CSSToken, open: readonly string[]): string {
  const [type, text] = token;
  if (type === TokenType.Hash) {
    return open.some((name) => name.endsWith("element(")) ? text : text.replace(doubled, "#$1$2$3");
  }
  const numeric = type === TokenType.Number || type === TokenType.Dimension || type === TokenType.Percentage;
  return numeric ? text.replace(/^([+-]?)0+(?=\.\d)/, "$1") : text;
}

const doubled = /^#([\da-f])\1([\da-f])\2([\da-f])\3$/i;
