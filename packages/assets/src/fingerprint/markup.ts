import { QuoteType, Tokenizer, type TokenizerCallbacks } from "htmlparser2";
import { joined, type Mapped, type Piece } from "./mapped.ts";

export interface Element {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, Mapped>;
  /** What `style` and `script` hold; of other elements no text is kept. */
  readonly content?: Mapped;
}

const holders = new Set(["style", "script"]);

/** Every element of an HTML document or (`xml`) an SVG image, in order; names in lower case in HTML. */
export function elementsOf(text: string, xml: boolean): readonly Element[] {
  const reader = new Reader(text, xml);
  const tokenizer = new Tokenizer({ xmlMode: xml, decodeEntities: true }, reader);
  tokenizer.write(text);
  tokenizer.end();
  reader.onend();
  return reader.elements;
}

class Reader implements TokenizerCallbacks {
  readonly elements: Element[] = [];
  readonly #text: string;
  readonly #xml: boolean;
  #name = "";
  #attributes = new Map<string, Mapped>();
  #attribute = "";
  #pieces: Piece[] = [];
  /** Where the next piece begins. */
  #at = 0;
  #holding = false;

  constructor(text: string, xml: boolean) {
    this.#text = text;
    this.#xml = xml;
  }

  onopentagname(start: number, end: number): void {
    this.onend();
    this.#name = this.#named(start, end);
    this.#attributes = new Map();
  }

  onattribname(start: number, end: number): void {
    this.#attribute = this.#named(start, end);
    this.#pieces = [];
    const equals = /^\s*=\s*["']?/.exec(this.#text.slice(end, end + 200));
    this.#at = end + (equals?.[0].length ?? 0);
  }

  onattribdata(start: number, end: number): void {
    this.#push(start, end);
  }

  onattribentity(code: number): void {
    this.#pieces.push({ text: String.fromCodePoint(code), start: this.#at, literal: false });
  }

  onattribend(quote: QuoteType, end: number): void {
    // The first of two attributes of one name is the one that counts.
    if (this.#attributes.has(this.#attribute)) return;
    const quoted = quote === QuoteType.Single || quote === QuoteType.Double;
    this.#attributes.set(this.#attribute, joined(this.#pieces, quoted ? end - 1 : end));
  }

  onopentagend(end: number): void {
    this.#pieces = [];
    this.#at = end + 1;
    this.#holding = holders.has(this.#name.toLowerCase());
    if (!this.#holding) this.#emit();
  }

  onselfclosingtag(end: number): void {
    this.onopentagend(end);
    this.onend();
  }

  ontext(start: number, end: number): void {
    if (this.#holding) this.#push(start, end);
  }

  ontextentity(code: number, end: number): void {
    if (!this.#holding) return;
    this.#pieces.push({ text: String.fromCodePoint(code), start: this.#at, literal: false });
    this.#at = end;
  }

  oncdata(start: number, end: number, offset: number): void {
    if (this.#holding) this.#push(start, end - offset);
  }

  onclosetag(): void {
    this.onend();
  }

  onend(): void {
    if (this.#holding) this.#emit(joined(this.#pieces, this.#at));
    this.#holding = false;
  }

  oncomment(): void {}
  ondeclaration(): void {}
  onprocessinginstruction(): void {}

  #push(start: number, end: number): void {
    this.#pieces.push({ text: this.#text.slice(start, end), start, literal: true });
    this.#at = end;
  }

  #emit(content?: Mapped): void {
    const element = { name: this.#name, attributes: this.#attributes };
    this.elements.push(content === undefined ? element : { ...element, content });
  }

  #named(start: number, end: number): string {
    const name = this.#text.slice(start, end);
    return this.#xml ? name : name.toLowerCase();
  }
}
