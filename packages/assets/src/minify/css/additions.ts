import { TokenType } from "@csstools/css-tokenizer";
import type { Targets } from "../../tools/targets.ts";
import { type CssDriver, rewrite } from "./lightning.ts";
import { type Item, isSpace, parseSheet, type Sheet } from "./sheet.ts";

/** Declarations to stand before one that somebody wrote: for browsers that do not know it. */
export interface Addition {
  /** Offset in the style sheet. */
  readonly at: number;
  readonly text: string;
}

interface Declared {
  readonly name: string;
  readonly text: string;
  readonly at: number;
}

/**
 * What the browsers named need before each declaration: prefixes, and values they know. Each is asked about by itself,
 * since lightningcss merges what stands together; a property that its block has already is the author's own affair.
 */
export function findAdditions(lightning: CssDriver, sheet: Sheet, targets: Targets): readonly Addition[] {
  const blocks = listBlocks(sheet, sheet.items);
  const texts = [...new Set(blocks.flat().map(({ text }) => text))];
  const asked = texts.map((text, index) => `.d${index}{${text}}\n`).join("");
  const [needed, plain] = [
    readAnswer(rewrite(lightning, asked, targets)),
    readAnswer(rewrite(lightning, asked)),
  ];
  const added = new Map(
    texts.map((text, index) => {
      const usual = new Set(plain.get(index)?.map((declared) => declared.text));
      return [text, (needed.get(index) ?? []).filter((declared) => !usual.has(declared.text))] as const;
    }),
  );
  return blocks.flatMap((block) => block.flatMap((own) => addTo(block, own, added.get(own.text) ?? [])));
}

function addTo(block: readonly Declared[], own: Declared, added: readonly Declared[]): readonly Addition[] {
  const others = new Set(block.filter((one) => one !== own).map(({ name }) => name));
  const text = added.flatMap((one) => (others.has(one.name) ? [] : `${one.text};`)).join("");
  return text === "" ? [] : [{ at: own.at, text }];
}

/** The declarations of each style rule; those of `@font-face` and its like are none. */
function listBlocks(sheet: Sheet, items: readonly Item[]): readonly (readonly Declared[])[] {
  return items.flatMap(({ block, at }) => {
    if (block === undefined) return [];
    const own = at === undefined ? block.items.flatMap((item) => readDeclaration(sheet, item)) : [];
    return [own, ...listBlocks(sheet, block.items)];
  });
}

function readDeclaration({ tokens }: Sheet, { kind, start, end }: Item): readonly Declared[] {
  const [name] = tokens.slice(start, end);
  if (kind !== "declaration" || name?.[0] !== TokenType.Ident) return [];
  const colon = tokens.slice(start + 1, end).find((token) => !isSpace(token));
  if (colon?.[0] !== TokenType.Colon) return [];
  const text = tokens.slice(start, end).map(([, raw]) => raw);
  return [{ name: name[4].value.toLowerCase(), text: text.join("").trim(), at: name[2] }];
}

/** By number; a declaration that would need rules of its own is as if there were nothing to add. */
function readAnswer(css: string): ReadonlyMap<number, readonly Declared[]> {
  const sheet = parseSheet(css);
  const answer = new Map<number, readonly Declared[]>();
  const twice = new Set<number>();
  for (const { block, start, end } of sheet.items) {
    if (block === undefined) continue;
    const prelude = sheet.tokens.slice(start, end).map(([, raw]) => raw);
    for (const selector of prelude.join("").split(",")) {
      const number = /^\s*\.d(\d+)\b/.exec(selector)?.[1];
      if (number === undefined) continue;
      if (answer.has(Number(number)) || !/^\s*\.d\d+\s*$/.test(selector)) twice.add(Number(number));
      answer.set(
        Number(number),
        block.items.flatMap((item) => readDeclaration(sheet, item)),
      );
    }
  }
  for (const number of twice) answer.delete(number);
  return answer;
}
