import { type Import, init, parse } from "es-module-lexer";
import { readLiteral } from "./literal.ts";
import { type Mapped, within } from "./mapped.ts";
import { defined, type Manner, type Reference, referenceTo } from "./reference.ts";

/** Compiles the lexer; to be awaited once before `jsReferences`. */
export const readyForJs = init;

const worthLooking = /\b(?:import|export)\b/;
/** Bare names (`react`) are for a bundler or an import map. */
const address = /^\.{0,2}\//;

/**
 * What a script names: static imports and re-exports, `import("./x.js")`, `new URL("./x.png", import.meta.url)`.
 * Anything that is no valid module syntax has none.
 */
export function jsReferences(script: Mapped): readonly Reference[] {
  if (!worthLooking.test(script.text)) return [];
  try {
    const [imports] = parse(script.text);
    return defined(imports.map((found) => referenceOf(script, found)));
  } catch {
    return [];
  }
}

function referenceOf(script: Mapped, found: Import): Reference | undefined {
  if (found.type === "import-meta") return locationOf(script, found);
  if (found.type !== "dynamic") {
    return specifier(within(script, found.start, found.end), { kind: "import" });
  }
  const argument = script.text.slice(found.start, found.end);
  const literal = /(["'`])((?:(?!\1)[^\\]|\\[\s\S])*)\1\s*$/.exec(argument);
  if (literal === null || (literal[1] === "`" && literal[2]?.includes("${"))) return undefined;
  if (found.specifier === undefined || found.glob) return undefined;
  const start = found.start + literal.index + 1;
  const inside = within(script, start, start + (literal[2] ?? "").length);
  return specifier(inside, { kind: "dynamic" });
}

/** `new URL("./x.png", import.meta.url)`, the one form bundlers and browsers agree on. */
function locationOf(script: Mapped, { start, end }: Import): Reference | undefined {
  if (!/^\s*\.\s*url\b/.test(script.text.slice(end, end + 40))) return undefined;
  const from = Math.max(0, start - 2000);
  const before = script.text.slice(from, start);
  const match = /\bnew\s+URL\s*\(\s*(["'`])((?:(?!\1)[^\\\n]|\\[\s\S])*)\1\s*,\s*$/.exec(before);
  const literal = match?.[2];
  if (match == null || literal === undefined || literal.includes("${")) return undefined;
  const opens = before.indexOf(match[1] ?? "", match.index);
  const first = from + opens + 1;
  // Unlike a module's name, "x.png" is relative here.
  return referenceTo(readLiteral(within(script, first, first + literal.length)));
}

function specifier(raw: Mapped, manner: Manner): Reference | undefined {
  const text = readLiteral(raw);
  return address.test(text.text) ? referenceTo(text, manner) : undefined;
}
