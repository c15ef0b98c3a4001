/** Under GitHub's 1 MiB for one step's summary, with room for what others add. */
export const summaryLimit = 900 * 1024;

const note = "_This page was cut here because of its length; the JSON report holds everything._";

/** Markdown cut after a whole line so that it stays below `limit` bytes, with open fences and details closed. */
export function truncateMarkdown(markdown: string, limit = summaryLimit): string {
  if (byteLength(markdown) <= limit) return markdown;
  const kept: string[] = [];
  let open = "";
  let depth = 0;
  let left = limit - byteLength(note) - 64;
  for (const line of markdown.split("\n")) {
    const fence = /^(`{3,})/.exec(line)?.[1];
    const closers = byteLength(open) + depth * "</details>\n".length + (fence?.length ?? 0) + 2;
    left -= byteLength(line) + 1;
    if (left < closers) break;
    kept.push(line);
    if (open === "" && fence !== undefined) open = fence;
    else if (open !== "" && line === open) open = "";
    else if (open === "" && line.startsWith("<details>")) depth += 1;
    else if (open === "" && line === "</details>") depth -= 1;
  }
  const closing = [...(open === "" ? [] : [open]), ...Array.from({ length: depth }, () => "\n</details>")];
  return `${[...kept, ...closing, "", note].join("\n")}\n`;
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}
