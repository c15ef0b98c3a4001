import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Store } from "@deploy/store";

/** Serves a store as a CDN would: bytes and headers as they were published, nothing else. */
export interface TestCdn {
  /** `http://127.0.0.1:port` */
  readonly origin: string;
  /** Paths that were asked for in vain. */
  readonly missing: readonly string[];
  close(): Promise<void>;
}

/** Starts on a free port. */
export async function startCdn(store: Store): Promise<TestCdn> {
  const missing: string[] = [];
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? "/", "http://cdn").pathname);
    answer(store, path.slice(1), response, () => missing.push(path)).catch((error: unknown) => {
      missing.push(`${path}: ${String(error)}`);
      response.destroy();
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    missing,
    close: () => {
      server.closeAllConnections();
      return new Promise((done) => server.close(() => done()));
    },
  };
}

async function answer(store: Store, key: string, response: ServerResponse, miss: () => void): Promise<void> {
  const object = key === "" ? undefined : await store.details(key);
  if (object === undefined) {
    miss();
    response.writeHead(404).end();
    return;
  }
  response.setHeader("content-length", object.size);
  for (const [name, value] of [
    ["content-type", object.contentType],
    ["cache-control", object.cacheControl],
    ["content-encoding", object.contentEncoding],
  ] as const) {
    if (value !== undefined) response.setHeader(name, value);
  }
  for await (const chunk of await store.read(key)) response.write(chunk);
  response.end();
}
