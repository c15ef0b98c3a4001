import { lstat, readdir, readFile, realpath } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { DeployError, DeployErrors, incompleteCheckout, submodulesIn } from "@deploy/core";
import { isTracked } from "./commit.ts";
import { Contents } from "./contents.ts";
import { gitCredential, refuseCredentials } from "./credentials.ts";
import { parseExclude } from "./exclude.ts";
import { listFiltered } from "./filter.ts";
import { HeadReader } from "./heads.ts";
import { askGit } from "./ignored.ts";
import type { LastPack } from "./last.ts";
import { lostOnTheWay } from "./lost.ts";
import type { Entry, FileEntry, PackOptions } from "./types.ts";
import { type Found, type FoundFile, walk } from "./walk.ts";

/** A folder and what is in it, as it was when it was hashed, or nothing. */
export interface Source {
  /** Sorted by path. */
  readonly entries: readonly Entry[];
  /** mtime of the newest file, whole seconds since 1970. */
  readonly newest: number;
  /** To be asked for in the order of `entries`. Throws `source-changed` where the bytes are not those that were hashed. */
  data(entry: FileEntry): AsyncIterable<Uint8Array>;
  /** The same in any order, and as often as one likes. */
  take(entry: FileEntry): AsyncIterable<Uint8Array>;
}

/** Walks and hashes `root`. Throws `source-missing`, `source-empty`, `credentials-found`, `checkout-incomplete`, or every refused path together. */
export async function readSource(options: PackOptions, last?: LastPack): Promise<Source> {
  await assertFolder(options.root);
  const ours = [options.directory, ...(options.last === undefined ? [] : [options.last.folder])];
  const own = (await Promise.all(ours.map((folder) => inside(options.root, folder)))).flat();
  const excluded = parseExclude(options.exclude, [...options.shared, ...own]);
  const passed = options.filter?.files.length ? await listFiltered(options.root, options.filter) : undefined;
  const git = await askGit(options);
  const { found, problems } = await walk(
    options.root,
    (path, isDirectory) =>
      excluded(path, isDirectory) || passed?.has(path) === false || git.leftOut(path, isDirectory),
  );
  const note = git.words();
  if (note !== undefined) options.onNote?.(note);
  if (problems.length > 0) throw new DeployErrors(problems);
  if (found.every((one) => one.type === "directory")) {
    throw new DeployError("source-empty", `There is nothing to pack in "${options.root}"`);
  }
  const heads = new HeadReader();
  const files = found.filter((one) => one.type === "file");
  // Where nothing is written now, few files are asked for once more.
  const contents = new Contents(options.root, files, options.late ? 0 : undefined);
  const hashes = await contents.hashes((path, head) => heads.look(path, head), last);
  const inGit = await gitCredential(options.root, options.exclude);
  refuseCredentials(new Map([...inGit, ...heads.credentials]), options.allowCredentials ?? []);
  const incomplete = incompleteCheckout(heads.pointers.sort(), await emptySubmodules(options.root, found));
  if (incomplete !== undefined) throw incomplete;
  const tracked = await isTracked(options.root, options.filter?.env ?? {}, heads.scripts);
  const lost = lostOnTheWay(found, heads, tracked);
  if (lost !== undefined) options.onWarning?.(lost);
  return {
    entries: entriesOf(found, hashes),
    newest: files.reduce((time, { stats }) => Math.max(time, Math.floor(stats.mtimeMs / 1000)), 0),
    data: (entry) => contents.again(entry),
    take: (entry) => contents.take(entry),
  };
}

async function assertFolder(root: string): Promise<void> {
  const stats = await lstat(root).catch(() => undefined);
  if (stats === undefined) throw new DeployError("source-missing", `The folder "${root}" does not exist`);
  if (!stats.isDirectory()) throw new DeployError("source-missing", `"${root}" is not a folder`);
}

/** A folder of ours inside the tree that is packed, if it is: it is not packed itself. */
async function inside(root: string, directory: string): Promise<readonly string[]> {
  const path = relative(await realpath(root), await realpath(directory));
  return path === "" || path === ".." || path.startsWith(`..${sep}`) ? [] : [path.split(sep).join("/")];
}

function entriesOf(found: readonly Found[], hashes: readonly string[]): readonly Entry[] {
  let file = 0;
  return found.map((one) => (one.type === "file" ? hashed(one, hashes[file++] ?? "") : one));
}

function hashed({ path, mode, stats }: FoundFile, sha256: string): FileEntry {
  return { type: "file", path, mode, size: stats.size, sha256 };
}

/** Those that would be sent as empty folders: nobody fetched them. */
async function emptySubmodules(root: string, found: readonly Found[]): Promise<readonly string[]> {
  const text = await readFile(join(root, ".gitmodules"), "utf8").catch(() => "");
  const folders = new Set(found.flatMap(({ type, path }) => (type === "directory" ? [path] : [])));
  const there = submodulesIn(text).filter((path) => folders.has(path));
  const empty = await Promise.all(there.map(async (path) => (await readdir(join(root, path))).length === 0));
  return there.filter((_, at) => empty[at]);
}
