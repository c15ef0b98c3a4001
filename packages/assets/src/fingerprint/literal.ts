import { type Mapped, unescaped } from "./mapped.ts";

const escapes = /\\(?:u\{([0-9a-f]+)\}|u([0-9a-f]{4})|x([0-9a-f]{2})|(\r\n|[\n\r\u2028\u2029])|([\s\S]))/gi;
const letters: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v" };

/** What stands between the quotes of a JavaScript or JSON string, its escapes read. */
export function readLiteral(raw: Mapped): Mapped {
  return unescaped(raw, escapes, ([, long, unicode, hex, newline, other]) => {
    const code = long ?? unicode ?? hex;
    if (code === undefined) return newline === undefined ? (letters[other ?? ""] ?? other ?? "") : "";
    const point = Number.parseInt(code, 16);
    return point <= 0x10ffff ? String.fromCodePoint(point) : "\ufffd";
  });
}
