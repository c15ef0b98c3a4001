import { parseParagraphs, renderParagraph } from "../control/fields.ts";
import { identity, readStanza, type Stanza } from "./stanza.ts";

/** `Packages` of one architecture: its own and those of `all`, sorted. */
export function renderPackages(stanzas: readonly Stanza[], architecture: string): string {
  return sorted(stanzas.filter((one) => one.architecture === architecture || one.architecture === "all"))
    .map(({ fields }) => renderParagraph(fields))
    .join("\n");
}

/** Undefined for a text that we cannot have written. */
export function parsePackages(text: string): readonly Stanza[] | undefined {
  const stanzas = parseParagraphs(text)?.map(readStanza);
  if (stanzas === undefined || stanzas.includes(undefined)) return undefined;
  return stanzas as readonly Stanza[];
}

export function sorted(stanzas: readonly Stanza[]): readonly Stanza[] {
  return [...stanzas].sort((a, b) => (identity(a) < identity(b) ? -1 : 1));
}
