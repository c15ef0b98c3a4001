import type { Input, Inputs } from "../section.ts";
import { allSections } from "../sections.ts";
import { camelCase } from "../values/mapping.ts";
import { readLines } from "../values/text.ts";
import type { Path } from "./document.ts";

/** One input that was given: its name, where its value goes, and the line of each entry of a list. */
export interface Override {
  readonly input: string;
  readonly path: Path;
  readonly value: unknown;
  readonly lines: readonly number[];
}

/**
 * Every input that says something, by its name in camelCase. Values that are no number or flag stay text, for the
 * schema to refuse.
 */
export function readOverrides(
  texts: Readonly<Record<string, string | undefined>>,
  inputs: Inputs,
): readonly Override[] {
  return Object.entries(inputs).flatMap(([name, { kind, path }]) => {
    const text = texts[camelCase(name)];
    if (text === undefined || text.trim() === "") return [];
    const entries = kind === "lines" ? readLines(text) : [];
    const value = kind === "lines" ? entries.map((entry) => entry.text) : readScalar(kind, text);
    return [{ input: name, path, value, lines: entries.map((entry) => entry.line) }];
  });
}

/** The input that a path of the settings can come from. */
export function inputFor(path: Path): string {
  const target = path.filter((part) => typeof part === "string").join(".");
  const inputs = allSections.flatMap((section) => Object.entries(section.inputs));
  const found = inputs.find(([, input]) => input.path.join(".") === target);
  return found?.[0] ?? target.replaceAll(".", "-");
}

function readScalar(kind: Input["kind"], text: string): unknown {
  const value = text.trim();
  if (kind === "number" && /^[0-9]{1,15}$/.test(value)) return Number(value);
  if (kind === "flag" && (value === "true" || value === "false")) return value === "true";
  return value;
}
