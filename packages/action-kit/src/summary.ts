/** GitHub drops a summary above 1 MiB; we cut before that. */
const mostBytes = 900 * 1024;

/** At most 900 KiB, cut at the end of a line, saying so. */
export function cutSummary(markdown: string): string {
  const bytes = Buffer.from(markdown);
  if (bytes.length <= mostBytes) return markdown;
  const end = bytes.lastIndexOf("\n", mostBytes);
  const kept = bytes.subarray(0, end < 0 ? 0 : end + 1).toString();
  return `${kept}\n\nThis summary is longer than GitHub shows; the rest is in the log.\n`;
}
