import { TokenType } from "@csstools/css-tokenizer";
import { positionOf } from "../../fingerprint/text.ts";
import type { Item, Sheet } from "./sheet.ts";

export interface Fault {
  readonly text: string;
  /** Both from 1. */
  readonly line: number;
  readonly column: number;
}

/** Where browsers skip a declaration, a rule, or more: told, since somebody may not know; the sheet stays as it is. */
export function faultsOf(css: string, sheet: Sheet): readonly Fault[] {
  const told = (text: string, token: number) => [{ text, ...positionOf(css, sheet.tokens[token]?.[2] ?? 0) }];
  const within = ({ start, end, kind, block }: Item): readonly Fault[] => {
    if (block !== undefined) return block.items.flatMap(within);
    return kind === "declaration" && find(sheet, start, end, TokenType.Colon) === undefined
      ? told("This is no declaration: browsers skip it", start)
      : [];
  };
  return sheet.items.flatMap((item) => {
    const { start, end, kind, block } = item;
    if (kind === "declaration") return told("This is no rule: browsers skip it", start);
    const stray = kind === "rule" ? find(sheet, start, end, TokenType.CloseCurly) : undefined;
    if (stray !== undefined) {
      return told('This "}" closes nothing: browsers skip it together with the rule after it', stray);
    }
    if (block?.closed === false)
      return told("This block is never closed: browsers read it to the end", start);
    return within(item);
  });
}

function find({ tokens }: Sheet, start: number, end: number, type: TokenType): number | undefined {
  const at = tokens.slice(start, end).findIndex((token) => token[0] === type);
  return at < 0 ? undefined : start + at;
}
