import type { FingerprintOptions } from "../types.ts";
import { digestOf, sha256 } from "./digest.ts";
import type { Draft } from "./draft.ts";
import { applyEdits, type Edit } from "./edit.ts";
import type { Link } from "./links.ts";
import { isEntry } from "./name.ts";
import { encodeName, encodePath, folderOf, nameOf, relativeUrl } from "./paths.ts";
import { dropComment, mapComment, nameComment } from "./sourcemap.ts";
import { encode } from "./text.ts";

export interface Rewrite {
  readonly sourceMaps: FingerprintOptions["sourceMaps"];
  /** Without the slash at its end. */
  readonly baseUrl?: string;
}

export interface Known {
  readonly nameFor: (path: string) => string;
  readonly integrityOf: (path: string) => string | undefined;
}

/**
 * The edits that give a text its final references: `nameFor` says what a file will be called, `integrityOf` what its
 * final bytes are, where that is known already.
 */
export function editsOf(
  draft: Draft,
  links: readonly Link[],
  { nameFor, integrityOf }: Known,
  options: Rewrite,
): readonly Edit[] {
  const edits = links.flatMap((link) => editOf(draft, link, nameFor(link.target), options));
  for (const { reference, target } of links) {
    const text = reference.integrity && integrityOf(target);
    if (reference.integrity && text !== undefined) edits.push({ ...reference.integrity, text });
  }
  return [...edits, ...commentEdits(draft, nameFor(draft.path), options)];
}

export function rewritten(draft: Draft, edits: readonly Edit[]): Uint8Array | undefined {
  if (draft.text === undefined) return undefined;
  return encode({ ...draft.text, text: applyEdits(draft.text.text, edits) });
}

/**
 * Relative references stay relative: files lie side by side wherever they are served from. In documents the base URL
 * comes before what is not a document itself. An absolute reference of a style sheet or script becomes relative.
 */
function editOf(
  { path, language }: Draft,
  { reference, target }: Link,
  to: string,
  options: Rewrite,
): Edit[] {
  const { start, end, name, sameOrigin, kind } = reference;
  if (language === "html" && options.baseUrl !== undefined && !sameOrigin && !isEntry(target)) {
    return [{ start, end, text: `${options.baseUrl}/${encodePath(to)}` }];
  }
  if (to === target) return [];
  if (!reference.path.startsWith("/") || language === "html" || language === "webapp") {
    return [{ start: name, end, text: encodeName(nameOf(to)) }];
  }
  const url = relativeUrl(folderOf(path), to);
  return [{ start, end, text: kind === "url" || url.startsWith("../") ? url : `./${url}` }];
}

function commentEdits(draft: Draft, name: string, { sourceMaps }: Rewrite): Edit[] {
  const { text, language, map } = draft;
  if (text === undefined || (language !== "css" && language !== "js")) return [];
  if (map !== undefined && sourceMaps === "publish") {
    return [nameComment(text.text, language === "css", encodeName(`${nameOf(name)}.map`))];
  }
  const found = mapComment(text.text);
  const elsewhere = found !== undefined && /^(?:data:|https?:|\/)/i.test(found.url);
  if (found === undefined || (elsewhere && sourceMaps === "publish")) return [];
  return [dropComment(text.text, found)];
}

/** What decides a file's name: its final bytes, and those of its published map, which bears the same name. */
export function contentDigest(draft: Draft, bytes: Uint8Array, { sourceMaps }: Rewrite): string {
  if (draft.map === undefined || sourceMaps !== "publish") return digestOf(bytes).sha256;
  return sha256(bytes, "\0", draft.map);
}
