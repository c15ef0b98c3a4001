import { rmSync } from "node:fs";
import { resolve } from "node:path";
import { FileSource } from "../source.ts";
import type { Body, Store } from "../types.ts";
import { findFile, statsOf } from "./details.ts";
import { onDisk } from "./disk.ts";
import { withLock } from "./lock.ts";
import { pathOf } from "./paths.ts";
import { readFileOf } from "./read.ts";
import { removeSidecar } from "./sidecar.ts";
import { listUnfinished } from "./unfinished.ts";
import { walkFiles } from "./walk.ts";
import { writeObject } from "./write.ts";

/** A folder that keeps what S3 keeps. It is made with the first object; `.deploy-tmp` and `.deploy-meta` in it are the store's own. */
export function folderStore(path: string): Store {
  const root = resolve(path);
  return {
    location: root,
    list: (prefix) => walkFiles(root, prefix),
    details: (key) => findFile(root, key),
    read: (key, range) => readFileOf(root, key, range),
    put: (key, body, options) => writeObject(root, key, chunksOf(body, `${root}/${key}`), options),
    putStream: (key, body, { estimate: _, ...options }) => writeObject(root, key, body, options),
    remove: (key) => removeFile(root, key),
    listUnfinished: (prefix) => listUnfinished(root, prefix),
    close: () => {},
  };
}

const chunkSize = 1 << 20;

async function* chunksOf(body: Body, place: string): AsyncGenerator<Uint8Array> {
  if (body instanceof Uint8Array) {
    yield body;
    return;
  }
  const source = new FileSource(body.file, body.size, place);
  try {
    let left = body.size;
    do {
      yield await source.next(chunkSize);
      left -= chunkSize;
    } while (left > 0);
  } finally {
    await source.close();
  }
}

async function removeFile(root: string, key: string): Promise<void> {
  const path = await pathOf(root, key);
  const stats = await statsOf(path);
  if (stats === undefined) return;
  await onDisk(root, path, () => withLock(root, key, () => rmSync(path, { force: true })));
  await removeSidecar(root, key, stats.mtimeNs);
}
