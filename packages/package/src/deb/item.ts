/** One thing in a package. `path` is relative, without `./`. */
export type Item =
  | { readonly type: "directory"; readonly path: string; readonly mode: number }
  | { readonly type: "link"; readonly path: string; readonly target: string }
  | {
      readonly type: "file";
      readonly path: string;
      readonly mode: number;
      readonly size: number;
      /** Exactly `size` bytes; asked for once, in the order of the items. */
      readonly data: () => AsyncIterable<Uint8Array>;
    };

export type FileItem = Extract<Item, { type: "file" }>;

/** A small file that is in memory. */
export function textItem(path: string, text: string | Uint8Array, mode = 0o644): FileItem {
  const bytes = Buffer.from(text);
  return {
    type: "file",
    path,
    mode,
    size: bytes.length,
    data: async function* () {
      yield bytes;
    },
  };
}

/** Sorted by the bytes of their paths, with every folder above them: dpkg makes none by itself. */
export function wholeTree(items: readonly Item[]): readonly Item[] {
  const all = new Map<string, Item>();
  for (const { path } of items) {
    for (let cut = path.indexOf("/"); cut > 0; cut = path.indexOf("/", cut + 1)) {
      const folder = path.slice(0, cut);
      all.set(folder, { type: "directory", path: folder, mode: 0o755 });
    }
  }
  for (const item of items) all.set(item.path, item);
  const keyed = [...all.values()].map((item) => ({ item, key: Buffer.from(item.path).toString("latin1") }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ item }) => item);
}
