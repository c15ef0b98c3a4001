/** What a reference of a file in folder `from` leads to. */
export type Target =
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "absent"; readonly path: string }
  | { readonly kind: "outside" };

/** Where the tree is served, as far as that is known. */
export interface Served {
  /** Path of its root: `/shop`. */
  readonly mount: string;
  /** `/x` may be meant from the tree's root as well. */
  readonly rooted: boolean;
}

/** Finds a URL's path in the tree: `/x` below the mount, then from the tree's root. */
export function resolve(
  from: string,
  path: string,
  has: (path: string) => boolean,
  { mount, rooted }: Served = { mount: "", rooted: true },
): Target {
  const segments = decoded(path);
  if (segments === undefined) return { kind: "absent", path };
  if (!path.startsWith("/")) return walk(from === "" ? [] : from.split("/"), segments, has);
  const mounted = mount !== "" && path.startsWith(`${mount}/`);
  const below = mounted ? walk([], decoded(path.slice(mount.length)) ?? [], has) : undefined;
  if (below?.kind === "file" || !rooted) return below ?? { kind: "absent", path };
  return walk([], segments, has);
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
