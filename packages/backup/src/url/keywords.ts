import { refuseUrl } from "./refuse.ts";

/**
 * libpq's other form, `host=db user='it''s'`: see "Keyword/Value Connection Strings" in PostgreSQL's manual. Values with spaces
 * stand in single quotes; a backslash takes the next character as it is.
 */
export function parseKeywords(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const pair = /\s*([A-Za-z_]+)\s*=\s*(?:'((?:[^'\\]|\\.)*)'|((?:[^\s'\\]|\\.)*))(?=\s|$)/sy;
  const body = text.trimEnd();
  while (pair.lastIndex < body.length) {
    const match = pair.exec(body);
    if (match === null)
      throw refuseUrl("is no list of keyword=value", "Put values with spaces into single quotes.");
    found.set(match[1] ?? "", (match[2] ?? match[3] ?? "").replace(/\\(.)/gs, "$1"));
  }
  return found;
}

export function isKeywords(text: string): boolean {
  return /^\s*[a-z_]+\s*=/.test(text) && !/^[A-Za-z][A-Za-z0-9+.-]*:\/\//.test(text);
}
