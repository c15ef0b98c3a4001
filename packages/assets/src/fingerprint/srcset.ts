import { type Mapped, within } from "./mapped.ts";

/** The addresses of a `srcset`, split as https://html.spec.whatwg.org/#parse-a-srcset-attribute does. */
export function srcsetAddresses(value: Mapped): readonly Mapped[] {
  const found: Mapped[] = [];
  const { text } = value;
  let at = 0;
  while (at < text.length) {
    at += /^[\s,]*/.exec(text.slice(at))?.[0].length ?? 0;
    const run = /^\S+/.exec(text.slice(at))?.[0];
    if (run === undefined) break;
    const url = run.replace(/,+$/, "");
    found.push(within(value, at, at + url.length));
    at += run.length;
    if (url.length === run.length) at += descriptors(text.slice(at));
  }
  return found;
}

/** How far the descriptors reach: to the next comma that is in no parentheses. */
function descriptors(text: string): number {
  let depth = 0;
  for (let index = 0; index < text.length; index++) {
    const char = text.charAt(index);
    if (char === "(") depth += 1;
    else if (char === ")") depth -= 1;
    else if (char === "," && depth <= 0) return index;
  }
  return text.length;
}
