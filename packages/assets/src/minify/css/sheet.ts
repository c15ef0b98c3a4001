import { type CSSToken, TokenType, tokenize } from "@csstools/css-tokenizer";

/** A part of a style sheet as https://www.w3.org/TR/css-syntax-3/ takes it apart; `start` and `end` count tokens. */
export interface Item {
  /** `statement`: an at-rule without a block; `rule`: a prelude and a block; `loose`: a token between them. */
  readonly kind: "declaration" | "custom" | "statement" | "rule" | "loose";
  readonly start: number;
  /** Of the prelude, where a block follows; the ";" or "{" after it is not counted. */
  readonly end: number;
  /** Of an at-rule, in lower case, without the "@". */
  readonly at?: string;
  readonly block?: { readonly items: readonly Item[]; readonly closed: boolean };
}

export interface Sheet {
  readonly tokens: readonly CSSToken[];
  readonly items: readonly Item[];
}

/** Takes any text: what is no CSS becomes items too, with every token in its place. */
export function parseSheet(css: string): Sheet {
  const tokens = tokenize({ css }, { onParseError: () => {} });
  return { tokens, items: new Parser(tokens).items(true) };
}

const closers = new Map<TokenType, TokenType>([
  [TokenType.OpenCurly, TokenType.CloseCurly],
  [TokenType.OpenParen, TokenType.CloseParen],
  [TokenType.Function, TokenType.CloseParen],
  [TokenType.OpenSquare, TokenType.CloseSquare],
]);

class Parser {
  readonly #tokens: readonly CSSToken[];
  #at = 0;

  constructor(tokens: readonly CSSToken[]) {
    this.#tokens = tokens;
  }

  /** Up to the end, or, within a block, to the "}" that closes it, which is left to be read. */
  items(top: boolean): readonly Item[] {
    const items: Item[] = [];
    for (let type = this.#type(); type !== TokenType.EOF; type = this.#type()) {
      if (type === TokenType.CloseCurly && !top) break;
      if (isLoose(type, top)) items.push({ kind: "loose", start: this.#at, end: ++this.#at });
      else items.push(this.#item(top));
    }
    return items;
  }

  #item(top: boolean): Item {
    const start = this.#at;
    const first = this.#tokens[start];
    const at = first?.[0] === TokenType.AtKeyword ? first[4].value.toLowerCase() : undefined;
    const custom = at === undefined && isCustom(this.#tokens, start);
    this.#skip(custom, top && at === undefined && !custom, top);
    const end = this.#at;
    const common = { start, end, ...(at === undefined ? {} : { at }) };
    const ended = this.#type();
    if (ended === TokenType.OpenCurly) return { ...common, ...this.#block() };
    if (at === undefined) return { ...common, kind: custom ? "custom" : "declaration" };
    if (ended === TokenType.Semicolon) this.#at += 1;
    return { ...common, kind: "statement" };
  }

  #block(): Pick<Item, "kind" | "block"> {
    this.#at += 1;
    const items = this.items(false);
    const closed = this.#type() === TokenType.CloseCurly;
    if (closed) this.#at += 1;
    return { kind: "rule", block: { items, closed } };
  }

  /** To the ";", "{" or "}" that ends what begins here. At the top, ";" ends at-rules only, and "}" nothing. */
  #skip(custom: boolean, qualified: boolean, top: boolean): void {
    for (let type = this.#type(); type !== TokenType.EOF; type = this.#type()) {
      if (type === TokenType.Semicolon && !qualified) return;
      if (type === TokenType.CloseCurly && !top) return;
      if (type === TokenType.OpenCurly && !custom) return;
      const close = closers.get(type);
      this.#at += 1;
      if (close !== undefined) this.#within(close);
    }
  }

  /** Past the end of a bracket; what does not close it is content. */
  #within(close: TokenType): void {
    for (let type = this.#type(); type !== TokenType.EOF; type = this.#type()) {
      this.#at += 1;
      if (type === close) return;
      const inner = closers.get(type);
      if (inner !== undefined) this.#within(inner);
    }
  }

  #type(): TokenType {
    return this.#tokens[this.#at]?.[0] ?? TokenType.EOF;
  }
}

function isLoose(type: TokenType, top: boolean): boolean {
  if (type === TokenType.Whitespace || type === TokenType.Comment) return true;
  return top ? type === TokenType.CDO || type === TokenType.CDC : type === TokenType.Semicolon;
}

/** `--name:`, whose value may hold anything and is text to scripts. */
function isCustom(tokens: readonly CSSToken[], start: number): boolean {
  const first = tokens[start];
  if (first?.[0] !== TokenType.Ident || !first[4].value.startsWith("--")) return false;
  let next = start + 1;
  while (isSpace(tokens[next])) next += 1;
  return tokens[next]?.[0] === TokenType.Colon;
}

export function isSpace(token: CSSToken | undefined): boolean {
  return token?.[0] === TokenType.Whitespace || token?.[0] === TokenType.Comment;
}
