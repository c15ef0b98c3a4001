import { type Mapped, within } from "./mapped.ts";

/** One mention of another file, found in a text. */
export interface Reference {
  /** The URL without query and fragment, `%` still in it. */
  readonly path: string;
  /** Where that path stands in the file: `[start, end)`. */
  readonly start: number;
  readonly end: number;
  /** Where its last segment, the only one a fingerprint changes, begins. */
  readonly name: number;
  readonly kind: "import" | "dynamic" | "url";
  /** The page needs it: naming no file is worth a warning, leading out of the tree is an error. */
  readonly needed: boolean;
  /** May not come from another origin (SVG's `use`): never gets the base URL. */
  readonly sameOrigin: boolean;
  /** Where the element's `integrity` stands, which must tell of the final bytes. */
  readonly integrity?: { readonly start: number; readonly end: number };
}

export type Manner = Partial<Pick<Reference, "kind" | "needed" | "sameOrigin" | "integrity">>;

const foreign = /^(?:[a-z][a-z0-9+.-]*:|\/\/|[\\#?]|$)/i;

/** The URL in `mapped` as a reference; undefined for what is no file of a tree (`data:`, `https:`, `//`, `#x`). */
export function referenceTo(mapped: Mapped, manner: Manner = {}): Reference | undefined {
  const { text } = mapped;
  const first = text.length - text.trimStart().length;
  const url = text.trim();
  if (foreign.test(url)) return undefined;
  const path = /^[^?#]*/.exec(url)?.[0] ?? "";
  return {
    path,
    start: mapped.at(first),
    end: mapped.at(first + path.length),
    name: mapped.at(first + path.lastIndexOf("/") + 1),
    kind: manner.kind ?? "url",
    needed: manner.needed ?? true,
    sameOrigin: manner.sameOrigin ?? false,
    ...(manner.integrity === undefined ? {} : { integrity: manner.integrity }),
  };
}

/** The same for a part of a text. */
export function referenceAt(mapped: Mapped, start: number, end: number, manner: Manner = {}) {
  return referenceTo(within(mapped, start, end), manner);
}

export function defined<T>(values: readonly (T | undefined)[]): readonly T[] {
  return values.filter((value) => value !== undefined);
}
