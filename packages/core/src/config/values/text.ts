/** Control characters, line separators, lone surrogates, and marks that reorder how a line reads. */
const unseen = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu;
const shownLength = 60;

/** Whether every character of the text shows as itself, on one line. */
export function isPlain(text: string): boolean {
  return text.search(unseen) === -1;
}

/** Bytes in UTF-8, which is what a file system counts. */
export function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** A value as an error may show it: one short line, whatever it holds. */
export function show(value: unknown): string {
  if (value === undefined || value === null) return "nothing";
  if (typeof value === "string") return quote(value);
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "a mapping" : String(value);
}

/** What people paste into the wrong key, and no log may hold: private keys of age and Ed25519, user and password of a URL. */
function hideSecrets(text: string): string {
  return text
    .replace(/AGE-SECRET-KEY-[^\s"']*/gi, "AGE-SECRET-KEY-…")
    .replace(/(M\w{2}CAQ[AE]wBQYDK2Vw)[^\s"']*/g, "$1…")
    .replace(/:\/\/[^\s"']*@/g, "://…@");
}

function quote(given: string): string {
  const text = hideSecrets(given);
  const characters = [...text];
  const long = characters.length > shownLength;
  const kept = long ? characters.slice(0, shownLength).join("") : text;
  const safe = JSON.stringify(kept).replace(unseen, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
  return long ? `${safe}… (${characters.length} characters)` : safe;
}

/** The entries of a newline list, trimmed, with the line each stands on; blank lines and `#` lines say nothing. */
export function readLines(text: string): readonly { readonly text: string; readonly line: number }[] {
  return text
    .split(/\r\n|\n|\r/)
    .map((entry, index) => ({ text: entry.trim(), line: index + 1 }))
    .filter((entry) => entry.text !== "" && !entry.text.startsWith("#"));
}
