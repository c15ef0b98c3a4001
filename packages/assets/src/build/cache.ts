import { existsSync } from "node:fs";
import { dirname, isAbsolute, join, relative, sep } from "node:path";
import { fromRoot, type Setting } from "../compile/setting.ts";
import { isCompiled } from "../sources/kind.ts";
import type { Task } from "../sources/tasks.ts";
import type { Tool } from "../tools/tool.ts";
import { openCache } from "./cacheFolder.ts";
import type { CacheIndex, CacheRecord } from "./cacheIndex.ts";
import { cacheKey } from "./cacheKey.ts";
import { type Hashes, makeHashes, sha256 } from "./hashes.ts";
import type { Made } from "./made.ts";
import { listWatched } from "./watched.ts";

/** What was made before and is still true. */
export interface Cache {
  /** Undefined where something it depended on is another one now, or its result is damaged. */
  find(task: Task): Made | undefined;
  /** Nothing is kept of what would not be the same next time, or was not made by the tool that was meant to. */
  keep(task: Task, made: Made | undefined): void;
  /** Remembers this build and forgets all else. */
  close(): void;
}

/**
 * A record holds the digest of every file that was read, and of the names in every folder where a new file could hide one of
 * those. It is asked before any tool is loaded.
 */
export function makeCache(folder: string, setting: Setting): Cache {
  const store = openCache(folder, sha256(fromRoot(setting, setting.source)).slice(0, 16));
  const old = store.index();
  const hashes = makeHashes();
  const next = makeWriter(setting, hashes);
  let changed = false;
  return {
    find: (task) => {
      const record = Object.hasOwn(old.records, task.path) ? old.records[task.path] : undefined;
      if (record === undefined || !isTrue(record, old, task, setting, hashes)) return undefined;
      const bytes = store.object(record.bytes);
      const map = record.map === undefined ? undefined : store.object(record.map);
      if (bytes === undefined || (record.map !== undefined && map === undefined)) return undefined;
      next.copy(task.path, record, old);
      const { before, warnings } = record;
      const inputs = record.inputs.map((at) => lengthen(setting, old.files[at]?.[0] ?? ""));
      const made = { before, warnings, inputs, missed: [], tools: [], repeatable: true };
      return { ...made, bytes, ...(map && { map }) };
    },
    keep: (task, made) => {
      if (made?.repeatable !== true || !made.tools.every((tool) => isPlanned(tool, setting))) return;
      changed = true;
      const map = made.map && { map: store.keep(made.map) };
      next.add(task, made, { bytes: store.keep(made.bytes), ...map });
    },
    close: () => {
      const index = next.index();
      const same = Object.keys(index.records).length === Object.keys(old.records).length;
      if (changed || !same) store.close(index);
    },
  };
}

function isPlanned({ name, version, from }: Tool, { tools }: Setting): boolean {
  return Object.values(tools).some(
    (tool) => tool.name === name && tool.version === version && tool.from === from,
  );
}

function isTrue(record: CacheRecord, old: CacheIndex, task: Task, setting: Setting, hashes: Hashes): boolean {
  if (record.key !== cacheKey(task.language, setting)) return false;
  const file = (at: number) => {
    const [path, digest] = old.files[at] ?? ["", ""];
    return digest !== "" && hashes.file(lengthen(setting, path)) === digest;
  };
  const folder = (at: number) => {
    const [path, digest] = old.folders[at] ?? ["", ""];
    return digest !== "" && hashes.folder(lengthen(setting, path)).digest === digest;
  };
  return record.inputs.every(file) && record.folders.every(folder);
}

/** The index of this build, as it grows. */
function makeWriter(setting: Setting, hashes: Hashes) {
  const files = new Map<string, readonly [number, string]>();
  const folders = new Map<string, readonly [number, string]>();
  const records: Record<string, CacheRecord> = {};
  const put = (table: Map<string, readonly [number, string]>, path: string, digest: string) => {
    const known = table.get(path) ?? [table.size, digest];
    table.set(path, known);
    return known[0];
  };
  const rows = (table: typeof files) => [...table].map(([path, [, digest]]) => [path, digest] as const);
  return {
    copy: (path: string, record: CacheRecord, old: CacheIndex) => {
      const again = (table: typeof files, row: readonly [string, string] | undefined) =>
        put(table, row?.[0] ?? "", row?.[1] ?? "");
      records[path] = {
        ...record,
        inputs: record.inputs.map((at) => again(files, old.files[at])),
        folders: record.folders.map((at) => again(folders, old.folders[at])),
      };
    },
    add: (task: Task, made: Made, results: Pick<CacheRecord, "bytes" | "map">) => {
      const inputs = [...made.inputs, ...listPackages(setting, made.inputs)];
      const places = isCompiled(task.language) ? listPlaces(setting, made) : [];
      records[task.path] = {
        key: cacheKey(task.language, setting),
        inputs: inputs.map((path) => put(files, shorten(setting, path), hashes.file(path))),
        folders: [...new Set(places.map((path) => hashes.folder(path).folder))].map((path) =>
          put(folders, shorten(setting, path), hashes.folder(path).digest),
        ),
        ...results,
        before: made.before,
        warnings: made.warnings,
      };
    },
    index: (): CacheIndex => ({ schema: 1, files: rows(files), folders: rows(folders), records }),
  };
}

function listPlaces(setting: Setting, made: Made): readonly string[] {
  return [...listWatched(made.inputs, setting.search), ...made.missed.map((path) => dirname(path))];
}

/** The package.json files of packages that were read from: they say which file a `pkg:` URL means. */
function listPackages(setting: Setting, inputs: readonly string[]): readonly string[] {
  const folders = new Set(inputs.filter((path) => path.includes(`${sep}node_modules${sep}`)).map(dirname));
  const found = [...folders].flatMap((start) => {
    for (
      let folder = start;
      folder !== setting.root && folder !== dirname(folder);
      folder = dirname(folder)
    ) {
      if (existsSync(join(folder, "package.json"))) return [join(folder, "package.json")];
    }
    return [];
  });
  return [...new Set(found)];
}

/** The repository lies elsewhere on the next runner. */
function shorten(setting: Setting, path: string): string {
  const short = relative(setting.root, path);
  return short.startsWith("..") ? path : short;
}

function lengthen(setting: Setting, path: string): string {
  return isAbsolute(path) ? path : join(setting.root, path);
}
