/**
 * So many paths may be in progress at once for one distribution; a wildcard counts as one (Amazon CloudFront
 * Developer Guide, "Concurrent invalidation request maximum").
 */
const mostPaths = 3000;

/** The paths as CloudFront wants them: each once, encoded; where they are too many, the folder that has them all. */
export function invalidationPaths(paths: readonly string[]): readonly string[] {
  const encoded = [...new Set(paths.map(encodePath))];
  return encoded.length > mostPaths ? [`${commonFolder(encoded)}*`] : encoded;
}

/**
 * Only what RFC 1738 calls unsafe, what is not ASCII, and `?` are encoded: what else is encoded names another copy
 * than the one visitors asked for (Developer Guide, "Specify the files to invalidate").
 */
export function encodePath(path: string): string {
  return path.replace(/[^\x21-\x7e]|["#%<>?[\\\]^`{|}~]/gu, (letter) =>
    [...new TextEncoder().encode(letter)]
      .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`)
      .join(""),
  );
}

/** `/shop/` for `/shop/a/b` and `/shop/c`. */
function commonFolder(paths: readonly string[]): string {
  const [first = "/", ...others] = paths;
  let folder = first.slice(0, first.lastIndexOf("/") + 1);
  for (const path of others)
    while (!path.startsWith(folder)) folder = folder.slice(0, folder.lastIndexOf("/", folder.length - 2) + 1);
  return folder;
}
