import { promisify } from "node:util";
import zlib, { brotliDecompress, gunzip } from "node:zlib";
import { needZstd } from "@deploy/core";
import { isCompressible, suffixes } from "../compress/kinds.ts";
import { digestContents, sha256 } from "../fingerprint/digest.ts";
import { bytesOf, sizeOf } from "../fingerprint/draft.ts";
import type { Warn } from "../fingerprint/links.ts";
import type { BuiltFile, Encoding } from "../types.ts";
import type { Written } from "./written.ts";

/** A precompressed sibling that came with the tree. */
interface Sibling {
  readonly encoding: Encoding;
  readonly file: BuiltFile;
}

export interface Given {
  /** Files that are of their own. */
  readonly files: readonly BuiltFile[];
  /** By the path of the file that they are of. */
  readonly siblings: ReadonlyMap<string, readonly Sibling[]>;
}

const unpackers = {
  gzip: promisify(gunzip),
  br: promisify(brotliDecompress),
  zstd: async (bytes: Uint8Array, options: { readonly maxOutputLength: number }) => {
    needZstd();
    return promisify(zlib.zstdDecompress)(bytes, options);
  },
};

/** Servers find `app.js.gz` beside `app.js` by its name alone, so it has none of its own. */
export function splitGiven(all: readonly BuiltFile[]): Given {
  const sizes = new Map(all.map((file) => [file.path, sizeOf(file)]));
  const siblings = new Map<string, Sibling[]>();
  const files = all.filter((file) => {
    const [encoding, suffix] = Object.entries(suffixes).find(([, each]) => file.path.endsWith(each)) ?? [];
    const owner = file.path.slice(0, -(suffix?.length ?? 0));
    const size = sizes.get(owner);
    if (encoding === undefined || size === undefined || !isCompressible(owner, size)) return true;
    siblings.set(owner, [...(siblings.get(owner) ?? []), { encoding: encoding as Encoding, file }]);
    return false;
  });
  return { files, siblings };
}

/** Those of a file that hold its final bytes: what was minified or rewritten since is another file, and is left out. */
export async function givenFor(
  { file, named }: Written,
  { siblings }: Given,
  onWarning: Warn,
): Promise<readonly Written[]> {
  const found: Written[] = [];
  for (const { encoding, file: sibling } of siblings.get(file.logical) ?? []) {
    const unpacked = await unpackers[encoding](await bytesOf(sibling), {
      maxOutputLength: file.size + 1,
    }).catch(() => undefined);
    if (unpacked !== undefined && sha256(unpacked) === file.sha256) {
      const digest = await digestContents(sibling.contents);
      const [logical, path] = [file.logical, file.path].map((name) => `${name}${suffixes[encoding]}`);
      const own = { ...file, logical, path, encoding, before: digest.size, ...digest } as Written["file"];
      found.push({ file: own, contents: sibling.contents, named });
    } else {
      const text = `It is left out: unpacked it is not ${file.logical} as that is written`;
      onWarning(text, { file: sibling.from });
    }
  }
  return found;
}
