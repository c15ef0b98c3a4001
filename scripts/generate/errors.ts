import { type Code, errorCodes } from "@deploy/core";

/** The page of every error code, with its cause and its fix. */
export async function generate(): Promise<Map<string, string>> {
  const codes = Object.entries<Code>(errorCodes).sort(([a], [b]) => (a < b ? -1 : 1));
  const entries = codes.map(([code, { cause, fix, inAction }]) => {
    const moves =
      inAction === undefined
        ? `**What to do:** ${fix}`
        : `**What to do at a desk:** ${fix}\n\n**In an action:** ${inAction}`;
    return `## ${code}\n\n${cause}\n\n${moves}\n`;
  });
  const text = [
    "# Errors",
    "<!-- Generated from packages/core/src/errors by `npm run generate`. Do not edit. -->",
    "Every problem is shown as `code · place · what happened. what to do`. These are the codes.",
    ...entries,
  ].join("\n\n");
  return new Map([["docs/reference/errors.md", `${text.trimEnd().replaceAll(/\n{3,}/g, "\n\n")}\n`]]);
}

/** Text as one cell of a Markdown table. */
export function cell(text: string): string {
  return text
    .replaceAll("|", "\\|")
    .replaceAll(/\s*\n\s*/g, " ")
    .trim();
}
