import { readLiteral } from "./literal.ts";
import { type Mapped, within } from "./mapped.ts";
import { defined, type Reference, referenceTo } from "./reference.ts";

const string = /"((?:[^"\\]|\\[\s\S])*)"(\s*:)?/g;

interface Token {
  readonly value: Mapped;
  readonly key: boolean;
}

/** `src` of a web app manifest's icons, screenshots and shortcuts (https://www.w3.org/TR/appmanifest/). */
export function webAppReferences(json: Mapped): readonly Reference[] {
  const tokens = [...strings(json)];
  const values = tokens.filter((token, index) => {
    const before = tokens[index - 1];
    return !token.key && before?.key === true && before.value.text === "src";
  });
  return defined(values.map(({ value }) => referenceTo(value)));
}

/** The addresses of an import map; bare names and packages elsewhere are none of ours. */
export function importMapReferences(json: Mapped): readonly Reference[] {
  const values = [...strings(json)].filter(({ key, value }) => !key && /^\.{0,2}\//.test(value.text));
  return defined(values.map(({ value }) => referenceTo(value, { kind: "dynamic" })));
}

function* strings(json: Mapped): Generator<Token> {
  for (const match of json.text.matchAll(string)) {
    const inside = within(json, match.index + 1, match.index + 1 + (match[1] ?? "").length);
    yield { value: readLiteral(inside), key: match[2] !== undefined };
  }
}
