import { createHash, randomInt } from "node:crypto";
import { DeployError } from "@deploy/core";
import type { Signer } from "@deploy/sign";
import type { Body, Store } from "@deploy/store";
import { type Change, collision, type Naming, type Next, nextIndex } from "../apt/change.ts";
import { type Stanza, stanzaOf } from "../apt/stanza.ts";
import type { Fields } from "../control/fields.ts";
import { clearSign } from "../openpgp/clearText.ts";
import { type Found, hex, readRepository, suiteFolder } from "./read.ts";

/** Where a repository is, who signs it, and what it is called. */
export interface Repository extends Naming {
  readonly store: Store;
  readonly signer: Signer;
  readonly now: () => Date;
  /** Waits that many milliseconds. */
  readonly pause: (milliseconds: number) => Promise<void>;
}

/** A package to publish. */
export interface Offered {
  readonly fields: Fields;
  readonly body: Body;
  readonly size: number;
  /** Hex. */
  readonly sha256: string;
}

export interface Published {
  readonly stanzas: readonly Stanza[];
  /** Hex SHA-256 of InRelease. */
  readonly index: string;
  readonly changed: boolean;
  /** How often another publisher was first. */
  readonly retries: number;
}

const immutable = "public, max-age=31536000, immutable";
/** With 16 publishers at once six were the most (measured); each costs a pause of up to a second. */
const mostRetries = 60;

/** Adds packages: their bytes first, then the index. Throws `package-collision`, `index-foreign`, `index-busy`, and what the store does. */
export async function publish(repository: Repository, offered: readonly Offered[]): Promise<Published> {
  const add: Stanza[] = [];
  for (const one of offered) {
    const stanza = stanzaOf(one.fields, one);
    await putOnce(repository.store, stanza, one);
    add.push(stanza);
  }
  return { ...(await changeIndex(repository, { add })), stanzas: add };
}

/** Changes the index without a lock: who finds another's version in its place begins anew, from what lies there then. */
export async function changeIndex(
  repository: Repository,
  change: Change,
): Promise<Omit<Published, "stanzas">> {
  const { store, signer, suite, now, pause } = repository;
  const key = await signer.publicKey();
  for (let retries = 0; retries <= mostRetries; retries++) {
    if (retries > 0) await pause(randomInt(20, Math.min(1000, 50 * retries)));
    const old = await readRepository(store, suite, key);
    await pause(waitFor(old, now()));
    const next = nextIndex(old, change, repository, now());
    if (next === undefined) return { index: old?.digest ?? "", changed: false, retries };
    const index = await commit(repository, old, next);
    if (index !== undefined) return { index, changed: true, retries };
  }
  throw new DeployError(
    "index-busy",
    `${mostRetries} times another publisher was first in ${store.location}`,
  );
}

/** The digest of the new InRelease; undefined where another version lies in the old one's place. */
async function commit(
  { store, signer, suite, now }: Repository,
  old: Found | undefined,
  { text, byHash, named, index }: Next,
): Promise<string | undefined> {
  const folder = suiteFolder(suite);
  const keep = () =>
    Promise.all(
      byHash.map(({ key, body }) =>
        store.put(folder + key, body, { overwrite: false, cacheControl: immutable, sha256: hex(body) }),
      ),
    );
  await keep();
  const date = index.release.date.getTime();
  // Of the clock, not of the index: sqv takes no signature of the future.
  const signed = Buffer.from(await clearSign(text, Math.floor(now().getTime() / 1000), signer));
  const overwrite = old === undefined ? false : { etag: old.etag };
  if (!(await replace(store, `${folder}InRelease`, signed, overwrite))) return undefined;
  // Somebody's pruning may have taken what an index of yesterday and this one name alike.
  await keep();
  const list = JSON.stringify({
    date,
    byHash: byHash.map(({ key }) => key),
    files: index.stanzas.map(({ file }) => file),
  });
  await store.put(`${folder}history/${date}`, Buffer.from(list), { overwrite: false });
  const late: readonly { readonly key: string; readonly body: Buffer }[] = [
    ...named,
    { key: "Release", body: Buffer.from(text) },
  ];
  // For mirrors; apt on hosts asks by hash, and the next publisher writes them anew.
  await Promise.all(
    late.map(({ key, body }) =>
      store.put(folder + key, body, { overwrite: true, cacheControl: "no-cache" }).catch(() => {}),
    ),
  );
  return hex(signed);
}

/**
 * Milliseconds until the next index is not too far ahead of the clock: each is a second later than the one before, and hosts refuse what is
 * more than ten ahead. One that is ahead by more than a minute has another clock's date, which nobody waits for.
 */
function waitFor(old: Found | undefined, now: Date): number {
  const ahead = old === undefined ? 0 : old.release.date.getTime() + 1000 - now.getTime();
  return ahead > 60_000 ? 0 : Math.max(0, ahead - 5000);
}

async function replace(
  store: Store,
  key: string,
  body: Buffer,
  overwrite: false | { readonly etag: string },
): Promise<boolean> {
  try {
    const put = await store.put(key, body, {
      overwrite,
      cacheControl: "no-cache",
      contentType: "text/plain",
    });
    return put.kind === "written";
  } catch (error) {
    // Somebody removed the old one meanwhile.
    if (error instanceof DeployError && error.problem.code === "object-missing") return false;
    throw error;
  }
}

/** What lies there already must be the same: a package is never replaced. */
async function putOnce(store: Store, stanza: Stanza, { body }: Offered): Promise<void> {
  const options = { overwrite: false, cacheControl: immutable, sha256: stanza.sha256 } as const;
  const put = await store.put(stanza.file, body, options);
  if (put.kind === "written") return;
  const sum = createHash("sha256");
  for await (const part of await store.read(stanza.file)) sum.update(part);
  if (sum.digest("hex") !== stanza.sha256) throw collision(stanza);
}
