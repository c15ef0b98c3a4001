import { type Listing, type Manifest, parseObject, sortedJson } from "./entry.ts";

/**
 * Laravel Mix: `{"/css/app.css": "/css/app-3f9c2b1a7d20.css"}`, as `Illuminate\Foundation\Mix` looks it up. What Mix
 * itself wrote stays, with the final names; its `?id=` goes where the name tells the version.
 */
export function mixManifest({ entries, existing }: Listing): Manifest {
  const final = new Map(entries.map(({ logical, path }) => [logical, path]));
  const values = new Map(entries.map(({ logical, path }) => [`/${logical}`, `/${path}`]));
  for (const [key, value] of Object.entries(parseObject(existing("mix-manifest.json")))) {
    if (typeof value !== "string") continue;
    const logical = value.replace(/[?#].*$/, "").replace(/^\/+/, "");
    const path = final.get(logical);
    values.set(key, path === undefined || path === logical ? value : `/${path}`);
  }
  return { path: "mix-manifest.json", text: sortedJson(Object.fromEntries(values)) };
}
