import { Semaphore } from "@deploy/core";
import { type Ground, holds, readStore, stored } from "./ground.ts";
import { spooled } from "./spool.ts";
import { above, foldersOf, isPath, rankOf, type Tree, type TreeFile } from "./tree.ts";

/**
 * In place, from one tree to another. A file of a release lies either in place or in the store, so that what is still to be done is
 * seen from the store alone, after a cut anywhere and in both directions: what is wanted and lies there, is not in place.
 */
export interface Change {
  readonly puts: readonly Put[];
  readonly takes: readonly TreeFile[];
  readonly makes: readonly string[];
  readonly drops: readonly string[];
}

interface Put {
  readonly file: TreeFile;
  /** What lies in its place. */
  readonly over?: TreeFile;
}

export function changeOf(target: Tree, other: Tree): Change {
  const puts = [...target.files.values()].flatMap((file): Put[] => {
    const over = other.files.get(file.path);
    if (over?.sha256 === file.sha256) return [];
    return [over === undefined ? { file } : { file, over }];
  });
  const takes = [...other.files.values()].filter(({ path }) => !target.files.has(path));
  const [wanted, had] = [foldersOf(target), foldersOf(other)];
  return {
    puts,
    takes,
    makes: [...new Set([...wanted].flatMap((path) => [...above(path), path]))]
      .filter((path) => !had.has(path))
      .sort(),
    drops: [...had]
      .filter((path) => !wanted.has(path))
      .sort()
      .reverse(),
  };
}

/** Folders are there, and what will be overwritten is kept: nothing that visitors see changes. */
export async function makeWay(ground: Ground, { puts, makes }: Change): Promise<void> {
  const { files, root } = ground;
  for (const folder of makes) await files.makeFolder(`${root}/${folder}`);
  if (!files.can.replace && !files.can.hardLinks) return;
  const store = await readStore(ground);
  await each(ground, puts, async ({ file, over }) => {
    if (over === undefined || !holds(store, file) || holds(store, over)) return;
    await ifThere(ground, over, () => keep(ground, over));
  });
}

async function keep(ground: Ground, file: TreeFile): Promise<void> {
  const { files, root } = ground;
  const [place, aside] = [`${root}/${file.path}`, stored(ground, file)];
  if (files.can.hardLinks) {
    await files.remove(aside);
    return files.hardLink(place, aside);
  }
  await spooled(files.stream(place), (bytes) => files.write(aside, bytes));
}

/** What pages name, code, pages, the release's name; then what is no longer wanted, the other way round. */
export async function carryOut(ground: Ground, { puts, takes, drops }: Change): Promise<void> {
  const { files, root } = ground;
  const store = await readStore(ground);
  for (const rank of [0, 1, 2, 3])
    await each(
      ground,
      puts.filter(({ file }) => rankOf(file.path) === rank && holds(store, file)),
      async ({ file, over }) => {
        if (over !== undefined && !holds(store, over))
          await ifThere(ground, over, () => files.rename(`${root}/${over.path}`, stored(ground, over)));
        await files.rename(stored(ground, file), `${root}/${file.path}`);
        // Renamed onto another name of itself, a file keeps both.
        if (over !== undefined && files.can.hardLinks) await files.remove(stored(ground, file));
      },
    );
  for (const rank of [3, 2, 1, 0])
    await each(
      ground,
      takes.filter((file) => rankOf(file.path) === rank && !holds(store, file)),
      (file) => ifThere(ground, file, () => files.rename(`${root}/${file.path}`, stored(ground, file))),
    );
  for (const folder of drops) await files.removeFolder(`${root}/${folder}`).catch(() => undefined);
}

/** Somebody may have removed by hand what we put there. */
async function ifThere(
  { files, root }: Ground,
  { path }: TreeFile,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    const folder = `${root}/${path}`.replace(/\/[^/]*$/, "");
    const name = path.slice(path.lastIndexOf("/") + 1);
    if (!isPath(path) || (await files.list(folder))?.some((entry) => entry.name === name) !== false)
      throw error;
  }
}

/** As many at once as the server allows. The first that fails is thrown when none is under way any more. */
export async function each<T>(
  { files }: Ground,
  all: readonly T[],
  work: (one: T) => Promise<void>,
): Promise<void> {
  const lanes = new Semaphore(Math.max(1, files.can.atOnce));
  const ended = await Promise.allSettled(all.map((one) => lanes.run(() => work(one))));
  const failed = ended.find((one) => one.status === "rejected");
  if (failed !== undefined) throw failed.reason;
}
