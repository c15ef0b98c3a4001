import { createHash } from "node:crypto";
import { lstat, readdir, readFile, realpath } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { DeployError, DeployErrors, incompleteCheckout, submodulesIn } from "@deploy/core";
import { isTracked } from "./commit.ts";
import { gitCredential, refuseCredentials } from "./credentials.ts";
import { parseExclude } from "./exclude.ts";
import { listFiltered } from "./filter.ts";
import { HeadReader } from "./heads.ts";
import { askGit } from "./ignored.ts";
import { lostOnTheWay } from "./lost.ts";
import { changed, readUnchanged } from "./read.ts";
import type { Entry, FileEntry, PackOptions } from "./types.ts";
import { type Found, walk } from "./walk.ts";

type FoundFile = Extract<Found, { type: "file" }>;

/** A folder read once: what is in it, and a second read that must find the same. */
export interface Source {
  /** Sorted by path. */
  readonly entries: readonly Entry[];
  /** mtime of the newest file, whole seconds since 1970. */
  readonly newest: number;
  /** Throws `source-changed` where the bytes are not those of the first read. */
  data(entry: FileEntry): AsyncIterable<Uint8Array>;
}

/** Files read at the same time while hashing. */
const atOnce = 8;

/** Walks and hashes `root`. Throws `source-missing`, `source-empty`, `credentials-found`, `checkout-incomplete`, or every refused path together. */
export async function readSource(options: PackOptions): Promise<Source> {
  await assertFolder(options.root);
  const own = await inside(options.root, options.directory);
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
  const entries = await hashAll(options.root, found, heads);
  const inGit = await gitCredential(options.root, options.exclude);
  refuseCredentials(new Map([...inGit, ...heads.credentials]), options.allowCredentials ?? []);
  const incomplete = incompleteCheckout(heads.pointers.sort(), await emptySubmodules(options.root, found));
  if (incomplete !== undefined) throw incomplete;
  const tracked = await isTracked(options.root, options.filter?.env ?? {}, heads.scripts);
  const lost = lostOnTheWay(found, heads, tracked);
  if (lost !== undefined) options.onWarning?.(lost);
  const files = new Map(found.flatMap((one) => (one.type === "file" ? [[one.path, one] as const] : [])));
  return {
    entries,
    newest: [...files.values()].reduce(
      (time, { stats }) => Math.max(time, Math.floor(stats.mtimeMs / 1000)),
      0,
    ),
    data: (entry) => again(options.root, entry, files),
  };
}

async function assertFolder(root: string): Promise<void> {
  const stats = await lstat(root).catch(() => undefined);
  if (stats === undefined) throw new DeployError("source-missing", `The folder "${root}" does not exist`);
  if (!stats.isDirectory()) throw new DeployError("source-missing", `"${root}" is not a folder`);
}

/** The place of packed files inside the tree that is packed, if they are: they are not packed themselves. */
async function inside(root: string, directory: string): Promise<readonly string[]> {
  const path = relative(await realpath(root), await realpath(directory));
  return path === "" || path === ".." || path.startsWith(`..${sep}`) ? [] : [path.split(sep).join("/")];
}

async function hashAll(root: string, found: readonly Found[], heads: HeadReader): Promise<readonly Entry[]> {
  const entries: Entry[] = [];
  const queue = found.entries();
  const worker = async () => {
    for (const [index, one] of queue) {
      entries[index] = one.type === "file" ? await hashed(root, one, heads) : one;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return entries;
}

async function hashed(root: string, file: FoundFile, heads: HeadReader): Promise<FileEntry> {
  const hash = createHash("sha256");
  let first = true;
  for await (const bytes of readUnchanged(root, file.path, file.stats)) {
    if (first) heads.look(file.path, bytes);
    first = false;
    hash.update(bytes);
  }
  const { path, mode, stats } = file;
  return { type: "file", path, mode, size: stats.size, sha256: hash.digest("hex") };
}

async function* again(
  root: string,
  entry: FileEntry,
  files: ReadonlyMap<string, FoundFile>,
): AsyncGenerator<Uint8Array> {
  const file = files.get(entry.path);
  if (file === undefined) throw changed(entry.path);
  const hash = createHash("sha256");
  for await (const bytes of readUnchanged(root, entry.path, file.stats)) {
    hash.update(bytes);
    yield bytes;
  }
  if (hash.digest("hex") !== entry.sha256) throw changed(entry.path);
}

/** Those that would be sent as empty folders: nobody fetched them. */
async function emptySubmodules(root: string, found: readonly Found[]): Promise<readonly string[]> {
  const text = await readFile(join(root, ".gitmodules"), "utf8").catch(() => "");
  const folders = new Set(found.flatMap(({ type, path }) => (type === "directory" ? [path] : [])));
  const there = submodulesIn(text).filter((path) => folders.has(path));
  const empty = await Promise.all(there.map(async (path) => (await readdir(join(root, path))).length === 0));
  return there.filter((_, at) => empty[at]);
}
