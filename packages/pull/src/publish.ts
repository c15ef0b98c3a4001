import { createHash } from "node:crypto";
import type { P256Key, Signer } from "@deploy/sign";
import type { Store } from "@deploy/store";
import { longest } from "./grammar.ts";
import type { Pointer } from "./pointer.ts";
import { readPointer } from "./read.ts";
import { openSigned, signPointer } from "./signed.ts";

/** Of a store that machines pull from; parcels lie beside it, as `parcels/<sha256>`. */
export const pointerKey = "pointer";

/** What the next pointer says, of what the last one said; `undefined` leaves that one as it is. */
export type Change = (last: Pointer | undefined) => Omit<Pointer, "serial"> | undefined;

export type Published =
  | { readonly kind: "published"; readonly pointer: Pointer }
  | { readonly kind: "left"; readonly pointer: Pointer | undefined }
  /** What lies there is not this key's: it is never extended, or whoever writes to the store could have anything signed. */
  | { readonly kind: "alien" }
  /** Others were faster, each time. */
  | { readonly kind: "busy" };

/** Goes, before it is called busy. */
const most = 20;

/**
 * Puts the next pointer under a serial above the last one's, and above `atLeast` (the fleet lock's token). Without a lock: only in the place of
 * the version that was read, so that of two publishers the later one reads what the other wrote, and nothing is lost.
 */
export async function publishPointer(
  store: Store,
  signer: Signer,
  change: Change,
  atLeast = 1,
): Promise<Published> {
  const key = await signer.publicKey();
  for (let go = 0; go < most; go += 1) {
    const last = await lastPointer(store, key);
    if (last === "alien") return { kind: "alien" };
    const next = change(last?.pointer);
    if (next === undefined) return { kind: "left", pointer: last?.pointer };
    const pointer = { ...next, serial: Math.max((last?.pointer.serial ?? 0) + 1, atLeast) };
    if (await putIn(store, await signPointer(pointer, signer), last?.etag))
      return { kind: "published", pointer };
  }
  return { kind: "busy" };
}

/** Asked again by every machine at every pass: nothing on the way may keep it. */
const caching = { contentType: "text/plain; charset=utf-8", cacheControl: "no-cache" } as const;

async function putIn(store: Store, text: string, etag: string | undefined): Promise<boolean> {
  const body = Buffer.from(text);
  const sha256 = createHash("sha256").update(body).digest("hex");
  const overwrite = etag === undefined ? false : { etag };
  try {
    return (await store.put(pointerKey, body, { ...caching, overwrite, sha256 })).kind === "written";
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

/** The version is read before the bytes: where another comes between, putting in its place fails, and all is read again. */
async function lastPointer(store: Store, key: P256Key) {
  const details = await store.details(pointerKey);
  if (details === undefined) return undefined;
  if (details.etag === undefined || details.size > longest) return "alien" as const;
  const text = await textOf(store);
  if (text === undefined) return undefined;
  const body = openSigned(text, key);
  const pointer = body === undefined ? undefined : readPointer(body);
  return pointer === undefined ? ("alien" as const) : { pointer, etag: details.etag };
}

async function textOf(store: Store): Promise<string | undefined> {
  try {
    const chunks: Uint8Array[] = [];
    for await (const chunk of await store.read(pointerKey)) chunks.push(Buffer.from(chunk));
    return Buffer.concat(chunks).toString("utf8");
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

const isMissing = (error: unknown) =>
  (error as { problem?: { code?: string } }).problem?.code === "object-missing";
