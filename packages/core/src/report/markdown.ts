import { cut } from "../plan/words.ts";
import type { Style } from "../style.ts";
import { cleanLine, cleanLines } from "./clean.ts";

/** What GitHub would make a link or a mention of; a code span shows it as it is, and it can be copied. */
const linked = /(?:https?|ftp):\/\/[^\s"'<>()]+|\bwww\.[^\s"'<>()]+|[^\s"'<>()]*@[^\s"'<>()]*/gi;

/** Characters of one cell or sentence: a server that answers with a book must not fill the page, or the time. */
const longest = 4_000;

/** Any text as plain words on one line of Markdown: no markup, no HTML, no mention, no link of its own. */
export function words(text: string): string {
  const clean = cut(cleanLine(text).trim(), longest);
  let plain = 0;
  const parts: string[] = [];
  for (const match of clean.matchAll(linked)) {
    parts.push(escapeMarkdown(clean.slice(plain, match.index)), code(match[0]));
    plain = match.index + match[0].length;
  }
  return [...parts, escapeMarkdown(clean.slice(plain))].join("");
}

function escapeMarkdown(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replace(/[\\`*_{}[\]()#|~!]/g, "\\$&")
    .replace(/^[-+=]/, "\\$&")
    .replace(/^(\d+)\./, "$1\\.")
    .replace(/\$/g, "&#36;");
}

/** A code span; inside a table its pipes are escaped too. */
export function code(text: string): string {
  const clean = cleanLine(text).trim();
  if (clean === "") return "";
  const fence = "`".repeat(longestRun(clean) + 1);
  const pad = clean.startsWith("`") || clean.endsWith("`") ? " " : "";
  return `${fence}${pad}${clean}${pad}${fence}`;
}

/** Text of ours about anything, in which commands stand between backticks: those are code, all else is words. */
export function hintWords(text: string): string {
  return text
    .split(/`([^`\n]+)`/)
    .map((part, index) => (index % 2 === 1 ? code(part) : spaced(part)))
    .join("");
}

/** A sentence of ours: the releases in it can be copied. */
export function sentence(text: string): string {
  return hintWords(text.replace(/(?<![`\w-])\d{8}T\d{6}Z-[0-9a-f]{7}(?![`\w-])/g, "`$&`"));
}

/** As `words`, which trims. */
function spaced(text: string): string {
  const [before, after] = [text.trimStart(), text.trimEnd()].map((cut) => (cut === text ? "" : " "));
  return text.trim() === "" ? `${before}` : `${before}${words(text)}${after}`;
}

export const inMarkdown: Style = {
  plain: words,
  strong: (text) => `**${words(text)}**`,
  code,
  link: (text, url) => `[${text}](${url})`,
};

/** A code block nothing inside can end. */
export function codeBlock(text: string, language = ""): readonly string[] {
  const clean = cleanLines(text).replace(/\n+$/, "");
  const fence = "`".repeat(Math.max(3, longestRun(clean) + 1));
  return [`${fence}${language}`, ...clean.split("\n"), fence];
}

/** A table of cells that are Markdown already. */
export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
): readonly string[] {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)];
}

/** A box of GitHub's with paragraphs of Markdown in it, as a list where there are several; nothing for none. */
export function alert(
  kind: "WARNING" | "CAUTION" | "NOTE",
  items: readonly string[],
  end: readonly string[] = [],
): readonly string[] {
  if (items.length + end.length === 0) return [];
  const list = items.length > 1 ? items.map((item) => `- ${item}`) : items;
  const lines = list.length > 0 && end.length > 0 ? [...list, "", ...end] : [...list, ...end];
  return [`[!${kind}]`, ...lines].map((line) => `> ${line}`.trimEnd());
}

/** A part that is closed until somebody opens it. */
export function details(summary: string, lines: readonly string[]): readonly string[] {
  return [`<details><summary>${asHtml(summary)}</summary>`, "", ...lines, "", "</details>"];
}

/** Any text where GitHub reads no Markdown but HTML: on a line that begins with a tag of a block. */
function asHtml(text: string): string {
  const clean = cut(cleanLine(text).trim(), longest);
  const safe = clean.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return safe.replace(linked, (found) => `<code>${found}</code>`);
}

function cell(text: string): string {
  return text.replace(
    /(\\*)\|/g,
    (_, slashes: string) => `${slashes}${slashes.length % 2 === 0 ? "\\" : ""}|`,
  );
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
}
