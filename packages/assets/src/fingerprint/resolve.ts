/** What a reference of a file in folder `from` leads to. */
export type Target =
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "absent"; readonly path: string }
  | { readonly kind: "outside" };

/**
 * Finds a URL's path in the tree. `/x` is looked for from the tree's root, and below the base URL's own path:
 * where else the tree may be mounted is not known here.
 */
export function resolve(from: string, path: string, has: (path: string) => boolean, mount = ""): Target {
  const segments = decoded(path);
  if (segments === undefined) return { kind: "absent", path };
  if (!path.startsWith("/")) return walk(from === "" ? [] : from.split("/"), segments, has);
  const found = walk([], segments, has);
  if (found.kind === "file" || mount === "" || !path.startsWith(`${mount}/`)) return found;
  return walk([], decoded(path.slice(mount.length)) ?? [], has);
}

function walk(start: readonly string[], segments: readonly string[], has: (path: string) => boolean): Target {
  const here = [...start];
  for (const segment of segments) {
    if (segment === "" || segment === ".") continue;
    if (segment !== "..") here.push(segment);
    else if (here.pop() === undefined) return { kind: "outside" };
  }
  const path = here.join("/");
  return has(path) ? { kind: "file", path } : { kind: "absent", path };
}

/** undefined for what no URL can mean: broken escapes, a slash or NUL within a name. */
function decoded(path: string): readonly string[] | undefined {
  try {
    const segments = path.split("/").map(decodeURIComponent);
    return segments.some((segment) => /[/\0]/.test(segment)) ? undefined : segments;
  } catch {
    return undefined;
  }
}
