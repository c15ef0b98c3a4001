import type { CSSToken } from "@csstools/css-tokenizer";
import type { Targets } from "../../tools/targets.ts";
import { type CssDriver, rewrite } from "./lightning.ts";
import { type Item, isSpace, type Sheet } from "./sheet.ts";

interface Span {
  readonly start: number;
  readonly end: number;
}

/** A rule at the top of the sheet, by offsets, as other rules: text, and parts of the source. */
export interface Rewritten extends Span {
  readonly parts: readonly (string | Span)[];
}

/** At-rules that hold style rules; the content of any other is not looked at. */
const holders = /^(?:media|supports|layer|container|scope|starting-style|keyframes)$/;

/**
 * Rules that the browsers named cannot read as they stand: nested ones, selectors, media queries. lightningcss sees
 * them without their declarations, each run of which is one mark: nothing can be merged, and a rule of which a mark is
 * lost stays as it is.
 */
export function findRewritten(lightning: CssDriver, sheet: Sheet, targets: Targets): readonly Rewritten[] {
  const prefixed = sheet.items.some(({ at }) => at?.endsWith("-keyframes"));
  const rules = sheet.items.filter(
    ({ kind, at }) => kind === "rule" && isHolder(at) && !(prefixed && at === "keyframes"),
  );
  const skeletons = rules.map((rule) => new Skeleton(sheet, rule));
  return findDiffering(lightning, skeletons, targets).flatMap((skeleton) => {
    const parts = skeleton.fill(rewrite(lightning, skeleton.text, targets));
    return parts === undefined ? [] : [{ ...skeleton.span, parts }];
  });
}

/** By halves, since mostly there is none. */
function findDiffering(
  lightning: CssDriver,
  skeletons: readonly Skeleton[],
  targets: Targets,
): readonly Skeleton[] {
  const whole = skeletons.map(({ text }) => text).join("\n");
  if (rewrite(lightning, whole, targets) === rewrite(lightning, whole)) return [];
  if (skeletons.length < 2) return skeletons;
  const middle = skeletons.length >> 1;
  return [skeletons.slice(0, middle), skeletons.slice(middle)].flatMap((half) =>
    findDiffering(lightning, half, targets),
  );
}

function isHolder(at: string | undefined): boolean {
  return at === undefined || holders.test(at);
}

class Skeleton {
  readonly text: string;
  readonly span: Span;
  readonly #tokens: readonly CSSToken[];
  readonly #marks: Span[] = [];

  constructor({ tokens }: Sheet, rule: Item) {
    this.#tokens = tokens;
    this.text = this.#rule(rule);
    this.span = this.#spanOf(rule, rule);
  }

  /** What lightningcss made of it, with the source where the marks are; undefined where one is lost. */
  fill(made: string): Rewritten["parts"] | undefined {
    const lost = this.#marks.some((_, mark) => !new RegExp(`--mark${mark}\\b`).test(made));
    if (lost) return undefined;
    return made.split(/(\.mark\d+ \{\s*--mark\d+: 0;?\s*\}|--mark\d+: 0;?)/).flatMap((part) => {
      const mark = /mark(\d+)/.exec(part)?.[1];
      const span = mark === undefined ? undefined : this.#marks[Number(mark)];
      if (span === undefined) return [part];
      return part.startsWith(".") ? [span] : [span, ";"];
    });
  }

  #rule(item: Item): string {
    const prelude = this.#tokens.slice(item.start, item.end).map(([, raw]) => raw);
    return `${prelude.join("")}{${this.#block(item.block?.items ?? [])}}`;
  }

  #block(items: readonly Item[]): string {
    let text = "";
    let run: Item[] = [];
    const end = () => {
      const [first, last] = [run[0], run.at(-1)];
      if (first !== undefined && last !== undefined) text += `${this.#mark(first, last)};`;
      run = [];
    };
    for (const item of items) {
      const first = this.#tokens[item.start];
      if (item.kind === "loose" && (run.length === 0 || isSpace(first))) continue;
      if (item.kind !== "rule") run.push(item);
      else {
        end();
        if (isHolder(item.at)) text += this.#rule(item);
        else text += `.mark${this.#marks.length}{${this.#mark(item, item)}}`;
      }
    }
    end();
    return text;
  }

  #mark(first: Item, last: Item): string {
    this.#marks.push(this.#spanOf(first, last));
    return `--mark${this.#marks.length - 1}:0`;
  }

  #spanOf(first: Item, last: Item): Span {
    const [from, to] = [this.#tokens[first.start], this.#tokens[lastToken(last) - 1]];
    return { start: from?.[2] ?? 0, end: (to?.[3] ?? -1) + 1 };
  }
}

/** After all of an item, the "}" of its block too. */
function lastToken({ end, block }: Item): number {
  if (block === undefined) return end;
  const inner = block.items.at(-1);
  return (inner === undefined ? end + 1 : lastToken(inner)) + (block.closed ? 1 : 0);
}
