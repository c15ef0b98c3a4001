import type { Store, StoredObject } from "@deploy/store";

/** A bucket may hold a million files of somebody else: up to so many places are listed one by one instead. */
const mostPlaces = 8;

/** What the store has under these keys. Nothing else is kept in memory. */
export async function listKeys(store: Store, keys: ReadonlySet<string>): Promise<Map<string, StoredObject>> {
  const found = new Map<string, StoredObject>();
  await Promise.all(
    places(keys).map(async (place) => {
      for await (const object of store.list(place)) if (keys.has(object.key)) found.set(object.key, object);
    }),
  );
  return found;
}

/** Prefixes that cover these keys: their first folders, or everything where these are too many. */
export function places(keys: ReadonlySet<string>): readonly string[] {
  const first = new Set([...keys].map((key) => key.replace(/\/.*$/s, "/")));
  return first.size > mostPlaces ? [""] : [...first].sort();
}
