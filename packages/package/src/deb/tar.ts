import { constants, createGzip } from "node:zlib";
import { ending, padding, renderHeader } from "@deploy/artifact";
import { through } from "../through.ts";
import type { Item } from "./item.ts";

/**
 * The tar of one member, gzip: ustar with GNU long names, since dpkg refuses pax headers when it installs (deb(5)). The
 * bytes depend on the items and the time alone; zlib writes no time, and its mark of the system is set by us.
 */
export function memberTar(items: readonly Item[], mtime: number): AsyncIterable<Uint8Array> {
  const gzip = createGzip({ level: 6, strategy: constants.Z_DEFAULT_STRATEGY });
  return marked(through(plainTar(items, mtime), gzip));
}

async function* plainTar(items: readonly Item[], mtime: number): AsyncGenerator<Uint8Array> {
  yield renderHeader({ type: "directory", name: "./", mode: 0o755, size: 0 }, mtime);
  for (const item of items) {
    yield header(item, mtime);
    if (item.type !== "file") continue;
    yield* item.data();
    yield padding(item.size);
  }
  yield ending;
}

function header(item: Item, mtime: number): Buffer {
  const name = `./${item.path}`;
  if (item.type === "directory") {
    return renderHeader({ type: "directory", name: `${name}/`, mode: item.mode, size: 0 }, mtime);
  }
  return item.type === "file"
    ? renderHeader({ type: "file", name, mode: item.mode, size: item.size }, mtime)
    : renderHeader({ type: "link", name, mode: 0o777, size: 0, target: item.target }, mtime);
}

/** The tenth byte of a gzip file names the system that made it (RFC 1952): always Unix. */
async function* marked(gzip: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let at = 0;
  for await (const part of gzip) {
    const place = 9 - at;
    if (place >= 0 && place < part.length) part[place] = 3;
    at += part.length;
    yield part;
  }
}
