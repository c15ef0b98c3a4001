import { style } from "./style.ts";

/** A summary's page as GitHub shows it: the part of its Markdown that ours is made of, and the same rules for HTML in it. */
export function renderPage(markdown: string): string {
  const head = `<meta charset="utf-8"><style>${style}</style>`;
  return `<!doctype html><html lang="en"><head>${head}<title>summary</title></head><body>${renderBlocks(markdown.split("\n"))}</body></html>`;
}

function renderBlocks(lines: readonly string[]): string {
  const html: string[] = [];
  for (let at = 0; at < lines.length; ) {
    const block = readBlock(lines, at);
    html.push(block.html);
    at = block.end;
  }
  return html.join("\n");
}

interface Block {
  readonly html: string;
  /** Of the line after it. */
  readonly end: number;
}

function readBlock(lines: readonly string[], at: number): Block {
  const line = lines[at] ?? "";
  const [, fence, language] = /^(`{3,})(\w*)$/.exec(line) ?? [];
  if (line.trim() === "") return { html: "", end: at + 1 };
  if (fence !== undefined) return fenced(lines, at, fence, language ?? "");
  const [, title] = /^### (.*)$/.exec(line) ?? [];
  if (title !== undefined) return { html: `<h3>${inline(title)}</h3>`, end: at + 1 };
  if (line.startsWith(">")) return quoted(lines, at);
  if (line.startsWith("|")) return tabled(lines, at);
  if (line.startsWith("- ")) return listed(lines, at);
  // HTML of a block goes on to the next empty line, and no Markdown is read in it.
  if (/^<\/?details>/.test(line))
    return taken(
      lines,
      at,
      (each) => each !== "",
      (all) => all.join("\n"),
    );
  return taken(lines, at, isText, (all) => `<p>${inline(all.join("\n"))}</p>`);
}

function isText(line: string): boolean {
  return line.trim() !== "" && !/^(?:`{3}|### |>|\||- |<\/?details>)/.test(line);
}

function taken(
  lines: readonly string[],
  at: number,
  isOf: (line: string) => boolean,
  render: (lines: readonly string[]) => string,
): Block {
  const rest = lines.slice(at).findIndex((line, index) => index > 0 && !isOf(line));
  const end = rest < 0 ? lines.length : at + rest;
  return { html: render(lines.slice(at, end)), end };
}

function fenced(lines: readonly string[], at: number, fence: string, language: string): Block {
  const rest = lines.slice(at + 1).indexOf(fence);
  const end = rest < 0 ? lines.length : at + 1 + rest;
  const text = escapeHtml(lines.slice(at + 1, end).join("\n"));
  return { html: `<pre class="${language}"><code>${text}</code></pre>`, end: end + 1 };
}

const alerts = { WARNING: "Warning", CAUTION: "Caution", NOTE: "Note" } as const;

function quoted(lines: readonly string[], at: number): Block {
  return taken(
    lines,
    at,
    (line) => line.startsWith(">"),
    (all) => {
      const [first = "", ...rest] = all.map((line) => line.replace(/^> ?/, ""));
      const kind = Object.keys(alerts).find((name) => first === `[!${name}]`) as
        | keyof typeof alerts
        | undefined;
      if (kind === undefined) return `<blockquote>${renderBlocks([first, ...rest])}</blockquote>`;
      return `<div class="alert ${kind}"><p class="title">${alerts[kind]}</p>${renderBlocks(rest)}</div>`;
    },
  );
}

function listed(lines: readonly string[], at: number): Block {
  return taken(
    lines,
    at,
    (line) => line.startsWith("- "),
    (all) => {
      return `<ul>${all.map((line) => `<li>${inline(line.slice(2))}</li>`).join("")}</ul>`;
    },
  );
}

function tabled(lines: readonly string[], at: number): Block {
  return taken(
    lines,
    at,
    (line) => line.startsWith("|"),
    ([head = "", , ...rows]) => {
      const row = (line: string, tag: string): string =>
        `<tr>${cellsOf(line)
          .map((cell) => `<${tag}>${inline(cell)}</${tag}>`)
          .join("")}</tr>`;
      return `<table><thead>${row(head, "th")}</thead><tbody>${rows.map((line) => row(line, "td")).join("")}</tbody></table>`;
    },
  );
}

/** A pipe is escaped in code, too. */
function cellsOf(line: string): readonly string[] {
  const inner = line.replace(/^\|/, "").replace(/\|\s*$/, "");
  return inner.split(/(?<!(?<!\\)(?:\\\\)*\\)\|/).map((cell) => cell.trim().replaceAll("\\|", "|"));
}

/** Code spans, then escapes, links, bold; of HTML what GitHub lets through and we use. */
export function inline(text: string): string {
  const kept: string[] = [];
  const keep = (html: string): string => `\ufdd0${kept.push(html) - 1}\ufdd1`;
  const html = text
    .replace(/(?<![`\\])(`+)(?!`)([\s\S]*?[^`])\1(?!`)/g, (_, __, code: string) => {
      const bare =
        code.startsWith(" ") && code.endsWith(" ") && code.trim() !== "" ? code.slice(1, -1) : code;
      return keep(`<code>${escapeHtml(bare)}</code>`);
    })
    .replace(/\\([!-/:-@[-`{-~])/g, (_, letter: string) => keep(escapeHtml(letter)))
    .replace(/<\/?(?:sub|br)>/g, keep)
    .replace(/&(?:\w+|#\d+);/g, keep)
    .replace(/\[([^\]]*)\]\(([^)\s]*)\)/g, (_, name: string, url: string) => {
      return `${keep(`<a href="${escapeHtml(url)}">`)}${name}${keep("</a>")}`;
    })
    .replace(
      /\*\*(?=\S)([\s\S]*?\S)\*\*/g,
      (_, bold: string) => `${keep("<strong>")}${bold}${keep("</strong>")}`,
    );
  return restored(escapeHtml(html), kept);
}

function restored(html: string, kept: readonly string[]): string {
  return html.replace(/\ufdd0(\d+)\ufdd1/g, (_, index: string) => kept[Number(index)] ?? "");
}

function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
