import type { Fields } from "../control/fields.ts";

/** A package as an index names it: its control fields, with where and what its bytes are. */
export interface Stanza {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  /** Key of the bytes in the repository. */
  readonly file: string;
  readonly size: number;
  /** Hex. */
  readonly sha256: string;
  /** All of it, as written. */
  readonly fields: Fields;
}

/** The stanza of a written package. */
export function stanzaOf(
  fields: Fields,
  { size, sha256 }: { readonly size: number; readonly sha256: string },
): Stanza {
  const { Package: name = "", Version: version = "", Architecture: architecture = "" } = fields;
  const file = `pool/main/${name.slice(0, 1)}/${name}/${name}_${version}_${architecture}.deb`;
  const all = { ...fields, Filename: file, Size: String(size), SHA256: sha256 };
  return { name, version, architecture, file, size, sha256, fields: all };
}

/** Reads a stanza of an index that we wrote; undefined for one that we cannot have written. */
export function readStanza(fields: Fields): Stanza | undefined {
  const { Package, Version, Architecture, Filename, Size, SHA256, ...rest } = fields;
  if (Package === undefined || Version === undefined || Architecture === undefined) return undefined;
  if (!/^\d+$/.test(Size ?? "") || !/^[0-9a-f]{64}$/.test(SHA256 ?? "")) return undefined;
  const control = { Package, Version, Architecture, ...rest };
  const made = stanzaOf(control, { size: Number(Size), sha256: SHA256 as string });
  return made.file === Filename ? { ...made, fields } : undefined;
}

/** One package of one version for one architecture. */
export function identity({ name, version, architecture }: Stanza): string {
  return `${name}_${version}_${architecture}`;
}
