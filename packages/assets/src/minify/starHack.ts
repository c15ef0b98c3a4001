export interface Dropped {
  readonly text: string;
  /** Both from 1. */
  readonly line: number;
  readonly column: number;
}

/** `*zoom: 1` as a declaration: after a brace, a semicolon or a comment, and not the selector `*:hover {`. */
const hack = /(?<=[{;}/]\s*)(\*[\w-]+)\s*:[^;{}]*(?=[;}])/g;

/**
 * Old style sheets hide declarations from all but Internet Explorer 7 by a star before the name. No browser of today reads them,
 * and lightningcss stops there (its own way of going on loses good declarations beside them), so they become blanks: every
 * other place stays where it is.
 */
export function dropStarHacks(text: string): { css: string; dropped: readonly Dropped[] } {
  const dropped: Dropped[] = [];
  const css = text.replace(hack, (found: string, name: string, at: number) => {
    const before = text.slice(0, at).split("\n");
    const column = (before.at(-1) ?? "").length + 1;
    dropped.push({
      text: `"${name}" is left out: only Internet Explorer 7 read it`,
      line: before.length,
      column,
    });
    return found.replace(/[^\n]/g, " ");
  });
  return { css, dropped };
}
