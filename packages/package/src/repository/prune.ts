import { changeIndex, type Repository } from "./publish.ts";
import { readRepository, suiteFolder } from "./read.ts";

const day = 86_400_000;

export interface Pruned {
  /** Packages that left the index, as name and version. */
  readonly left: readonly string[];
  /** Keys that were removed from the store. */
  readonly removed: readonly string[];
}

interface Entry {
  readonly date: number;
  readonly byHash: readonly string[];
  readonly files: readonly string[];
}

/**
 * Takes all but the `keep` newest releases out of the index, then what no index of the last `keepFor` milliseconds named out of the store,
 * a day at the least: a host that read InRelease fetches what it names. `newest` says what counts: versions sort by it, ascending.
 */
export async function prune(
  repository: Repository,
  {
    keep,
    keepFor = 0,
    compare,
  }: { readonly keep: number; readonly keepFor?: number; readonly compare: (a: string, b: string) => number },
): Promise<Pruned> {
  const { store, suite, signer, now } = repository;
  const found = await readRepository(store, suite, await signer.publicKey());
  if (found === undefined) return { left: [], removed: [] };
  const versions = [...new Set(found.stanzas.map(({ version }) => version))].sort(compare);
  const old = new Set(versions.slice(0, Math.max(0, versions.length - keep)));
  if (old.size > 0) await changeIndex(repository, { remove: ({ version }) => old.has(version) });
  const left = found.stanzas
    .filter(({ version }) => old.has(version))
    .map((one) => `${one.name} ${one.version}`);
  return { left, removed: await sweep(repository, now().getTime() - Math.max(day, keepFor)) };
}

/** Removes what was last named before `since`, and history before it. */
async function sweep({ store, suite, signer }: Repository, since: number): Promise<readonly string[]> {
  const folder = suiteFolder(suite);
  const history: (Entry & { readonly key: string })[] = [];
  for await (const { key } of store.list(`${folder}history/`)) {
    const text = await textOf(await store.read(key));
    history.push({ ...(JSON.parse(text) as Entry), key });
  }
  const sortedHistory = history.sort((a, b) => a.date - b.date);
  // An index was in force until the next one came.
  const young = sortedHistory.filter(
    (_, at) => (sortedHistory[at + 1]?.date ?? Number.POSITIVE_INFINITY) >= since,
  );
  const now = await readRepository(store, suite, await signer.publicKey());
  const named = new Set([
    ...young.flatMap(({ key, byHash, files }) => [key, ...byHash.map((one) => folder + one), ...files]),
    ...(now?.stanzas ?? []).map(({ file }) => file),
  ]);
  const removed: string[] = [];
  for (const prefix of [`${folder}main/`, "pool/", `${folder}history/`]) {
    for await (const { key, modified } of store.list(prefix)) {
      const ours = prefix !== `${folder}main/` || key.includes("/by-hash/");
      // What is young may be a publisher's who has not signed yet.
      if (!ours || named.has(key) || modified >= since) continue;
      await store.remove(key);
      removed.push(key);
    }
  }
  return removed;
}

async function textOf(stream: NodeJS.ReadableStream): Promise<string> {
  let text = "";
  for await (const part of stream) text += part;
  return text;
}
