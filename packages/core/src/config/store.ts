import type { StoreSettings } from "./types.ts";

/** The keys that every mapping with a store has, as far as they were given. */
interface RawStore {
  readonly endpoint?: string | undefined;
  readonly region?: string | undefined;
  readonly "path-style"?: boolean | undefined;
  readonly checksums?: StoreSettings["checksums"] | undefined;
  readonly role?: string | undefined;
}

/** The settings of one store, from the keys that every mapping with a store has. */
export function toStore(to: string, raw: RawStore): StoreSettings {
  return {
    to,
    ...(raw.endpoint === undefined ? {} : { endpoint: raw.endpoint }),
    ...(raw.region === undefined ? {} : { region: raw.region }),
    ...(raw["path-style"] === undefined ? {} : { pathStyle: raw["path-style"] }),
    checksums: raw.checksums ?? "crc32",
    ...(raw.role === undefined ? {} : { role: raw.role }),
  };
}
