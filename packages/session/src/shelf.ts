import type { Identity } from "@deploy/aws";
import { count, DeployError, type Parcel, problemOf, type StoreSettings } from "@deploy/core";
import type { Shelf } from "@deploy/engine";
import type { Folders, Put, Store } from "@deploy/store";
import { openConfigured } from "./store.ts";

export interface ShelfOptions extends Folders {
  /** Who we are to the store; the config knows the role. */
  readonly identity: Identity;
  readonly app: string;
  readonly environment: string;
  /** Told each address that is given out, and its signature, before a host gets it and may print it. */
  readonly mask?: (secrets: readonly string[]) => void;
}

/** Opens the shelf that a plan names; nothing is connected to yet. Throws `store-unfetchable`. */
export function shelfOf({
  identity,
  root,
  folders,
  ...whose
}: ShelfOptions): (to: StoreSettings) => Promise<Shelf> {
  return async (settings) => shelfOver(openConfigured(settings, identity, { root, folders }).store, whose);
}

/** A store that gives out addresses, and what lies there of one app and environment. */
interface Place {
  readonly store: Store;
  readonly presign: NonNullable<Store["presign"]>;
  /** Ends in `/`. The fleet lock lets one run at a time in here. */
  readonly folder: string;
}

/** Seconds in which a host must have begun to fetch. */
const expires = 15 * 60;

/** Parcels in a store, named by their content. */
export function shelfOver(
  store: Store,
  {
    app,
    environment,
    mask = () => {},
    now = Date.now,
  }: Omit<ShelfOptions, "identity" | "root" | "folders"> & { now?: () => number },
): Shelf {
  const place = placeIn(store, `artifacts/${app}/${environment}/`);
  const used = new Set<string>();
  return {
    async put(parcel, signal) {
      const key = place.folder + nameOf(parcel);
      used.add(key); // before: an answer may be lost, and the parcel lie there
      const stored = await putParcel(place, key, parcel, signal).catch((error: unknown) => {
        if (problemOf(error).code === "object-damaged") used.delete(key); // not ours
        throw error;
      });
      const url = async () => {
        const address = await place.presign(key, { expires });
        mask([address, signatureIn(address)]);
        return address;
      };
      return { stored, url };
    },
    async clear() {
      const kept = await removeAll(place, used, now() - day);
      store.close();
      return kept;
    },
  };
}

function signatureIn(address: string): string {
  return /[?&]X-Amz-Signature=([^&]*)/.exec(address)?.[1] ?? "";
}

function placeIn(store: Store, folder: string): Place {
  const presign = store.presign?.bind(store);
  if (presign !== undefined) return { store, presign, folder };
  throw new DeployError("store-unfetchable", `Hosts cannot fetch from ${store.location}`);
}

const endings = { zstd: "tar.zst", gzip: "tar.gz", none: "tar" } as const;

function nameOf({ digest, encoding }: Parcel): string {
  return `${digest}.${endings[encoding]}`;
}

/** Nothing else is ever removed. */
const ours = /^[0-9a-f]{64}\.tar(\.gz|\.zst)?$/;

/** True: it was sent; false: a run that was killed had sent it. */
async function putParcel(
  { store }: Place,
  key: string,
  parcel: Parcel,
  signal: AbortSignal,
): Promise<boolean> {
  const { digest, bytes: estimate } = parcel;
  const put = await store.putStream(key, parcel.read(), {
    overwrite: false,
    estimate,
    signal,
    // What a store knows of a stream in parts, whose metadata goes ahead of it.
    metadata: { digest },
    cacheControl: "private, no-store",
  });
  const told = toldBy(put);
  if (told.sha256 === digest && told.size === parcel.bytes) return put.kind === "written";
  const place = { path: `${store.location}/${key}` };
  const other = `${told.size} bytes, SHA-256 ${told.sha256 ?? "not known"}`;
  if (put.kind === "present") {
    const hint = "Remove it, and find out who writes below that name.";
    throw new DeployError("object-damaged", `What lies there is not the parcel: ${other}`, { place, hint });
  }
  await store.remove(key).catch(() => {});
  throw new DeployError("body-changed", `The parcel changed while it was sent: ${other}`, { place });
}

function toldBy(put: Put): { readonly size: number; readonly sha256: string | undefined } {
  if (put.kind === "written") return put;
  const { size, sha256, metadata } = put.object;
  return { size, sha256: sha256 ?? metadata.digest };
}

const day = 24 * 3_600_000;

/** Takes away what was used, and what runs that were killed before `since` left; says what it could not. */
async function removeAll(
  place: Place,
  used: ReadonlySet<string>,
  since: number,
): Promise<string | undefined> {
  const refusals: string[] = [];
  const attempt = <T>(work: Promise<T>) => work.catch((error: Error) => void refusals.push(error.message));
  const left = (await attempt(leftBy(place, used, since))) ?? [];
  await Promise.all([...used, ...left].map((key) => attempt(place.store.remove(key))));
  const [first] = refusals;
  if (first === undefined) return undefined;
  const more = refusals.length === 1 ? "" : ` (and ${count(refusals.length - 1, "more")})`;
  return `What hosts fetched may still lie in ${place.store.location}/${place.folder}: ${first}${more}`;
}

async function leftBy({ store, folder }: Place, used: ReadonlySet<string>, since: number): Promise<string[]> {
  const left: string[] = [];
  for await (const { key, modified } of store.list(folder)) {
    if (modified < since && !used.has(key) && ours.test(key.slice(folder.length))) left.push(key);
  }
  return left;
}
