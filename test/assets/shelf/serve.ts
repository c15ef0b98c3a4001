import { createReadStream, statSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { contentTypeOf } from "@deploy/assets";

/** A folder served at `/`, as a plain server does. */
export interface Served {
  readonly origin: string;
  /** Paths that were asked for and found. */
  readonly found: Set<string>;
  close(): Promise<void>;
}

/** Path of an empty page: what it loads, its scripts may read. */
export const blank = "/blank";

/** Style sheets come without a charset: what they mean must not hang on a header. */
export async function serve(folder: string): Promise<Served> {
  const found = new Set<string>();
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? "/", "http://site").pathname);
    if (answer(folder, path, response)) found.add(path);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    found,
    close: () => {
      server.closeAllConnections();
      return new Promise((done) => server.close(() => done()));
    },
  };
}

function answer(folder: string, path: string, response: ServerResponse): boolean {
  if (path === blank) {
    response.writeHead(200, { "content-type": "text/html" }).end("<!doctype html>");
    return false;
  }
  const file = join(folder, path);
  if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true) {
    response.writeHead(404).end();
    return false;
  }
  const type = path.endsWith(".css") ? "text/css" : contentTypeOf(path);
  response.writeHead(200, { "content-type": type });
  createReadStream(file).pipe(response);
  return true;
}
