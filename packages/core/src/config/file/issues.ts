import type { z } from "zod";
import type { Phrases } from "../section.ts";
import { allSections } from "../sections.ts";
import { durationHint, durationPhrase } from "../values/duration.ts";
import { namePhrase } from "../values/name.ts";
import { didYouMean, suggest } from "../values/suggest.ts";
import { show } from "../values/text.ts";
import type { Path } from "./document.ts";
import type { Finding } from "./finding.ts";
import { valueAt } from "./path.ts";

type Issue = z.core.$ZodIssue;

/** Where keys belong that people put at the top. */
const misplaced: Readonly<Record<string, string>> = Object.fromEntries(
  allSections.flatMap(({ keys, own, inner }) => [
    ...inner.map((key) => [key, `${Object.keys(keys)[0]}.${key}`]),
    ...Object.keys(own).map((key) => [key, `environments.<name>.${key}`]),
  ]),
);

const phrases: Phrases = Object.assign({}, ...allSections.map((section) => section.phrases));

/** What a schema said about `data`, in our words: `expected …, got …`. `base` is where `data` hangs. */
export function readIssues(issues: readonly Issue[], data: unknown, base: Path = []): readonly Finding[] {
  const findings = issues.flatMap((issue) => readIssue(issue, data, base));
  const typos = new Set(findings.flatMap(({ meant }) => (meant === undefined ? [] : [meant])));
  return findings.filter(({ code, path }) => code !== "config-missing" || !typos.has(path.join("\n")));
}

function readIssue(issue: Issue, data: unknown, base: Path): readonly Finding[] {
  const inner = issue.path as Path;
  const path = [...base, ...inner];
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => findUnknownKey([...path, key], key, issue.message.split(" ")));
  }
  if (issue.code === "invalid_key") {
    return [
      {
        path,
        at: "key",
        code: "config-invalid",
        message: `expected ${namePhrase}, got ${show(path.at(-1))}`,
      },
    ];
  }
  if (issue.code === "invalid_union" && issue.errors.length > 0) {
    const branch = issue.errors.find((errors) => !errors.some(isOfAnotherType));
    if (branch) return readIssues(branch, valueAt(data, inner), path);
  }
  return [findBadValue(path, issue.message, valueAt(data, inner))];
}

/** The branch of a union was not even meant: its type is another one. */
function isOfAnotherType(issue: Issue): boolean {
  return issue.path.length === 0 && issue.code === "invalid_type";
}

function findUnknownKey(path: Path, key: string, known: readonly string[]): Finding {
  const home = path.length === 1 && Object.hasOwn(misplaced, key) ? misplaced[key] : undefined;
  const near = suggest(key, known);
  const hint = home === undefined ? didYouMean(key, known) : `Write it as ${home}.`;
  const message = `expected one of ${known.join(", ")}, got ${show(key)}`;
  const meant = near === undefined ? {} : { meant: [...path.slice(0, -1), near].join("\n") };
  return {
    path,
    at: "key",
    code: "config-unknown-key",
    message,
    ...(hint === undefined ? {} : { hint }),
    ...meant,
  };
}

function findBadValue(path: Path, expected: string, value: unknown): Finding {
  if (value === undefined) {
    return { path, at: "key", code: "config-missing", message: `expected ${expected}, got nothing` };
  }
  const message = `expected ${expected}, got ${show(value)}`;
  if (phrases[expected]?.planned?.includes(String(value))) {
    return {
      path,
      at: "value",
      code: "config-unavailable",
      message: `${message}, which is not available yet`,
    };
  }
  const hint = hintFor(expected, value);
  return { path, at: "value", code: "config-invalid", message, ...(hint === undefined ? {} : { hint }) };
}

function hintFor(expected: string, value: unknown): string | undefined {
  if (expected === durationPhrase) return durationHint(value);
  const near = phrases[expected]?.near;
  return near !== undefined && typeof value === "string" ? didYouMean(value, near) : undefined;
}
