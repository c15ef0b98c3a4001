import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Parcel } from "@deploy/core";
import type { Shelf } from "@deploy/engine";

/** A store on this machine: each address it gives out is used as `answer` says. */
export interface TestShelf {
  readonly shelf: () => Promise<Shelf>;
  /** Digests, in the order in which they were put. */
  readonly puts: string[];
  /** Addresses that were given out. */
  readonly urls: string[];
  clears: number;
  close(): Promise<void>;
}

/** `answer`: the status of the n-th request, counted from 0; 200 unless told. */
export async function openShelf(
  answer: (request: number) => number | Promise<number> = () => 200,
  more: { readonly put?: () => Promise<never>; readonly left?: string } = {},
): Promise<TestShelf> {
  const stored = new Map<string, Buffer>();
  let requests = 0;
  const server = createServer(async (request, response) =>
    serve(request, response, stored, await answer(requests++)),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const test: TestShelf = {
    puts: [],
    urls: [],
    clears: 0,
    shelf: async () => ({
      async put(parcel) {
        await more.put?.();
        test.puts.push(parcel.digest);
        stored.set(`/${parcel.digest}`, await bytesOf(parcel));
        return {
          stored: true,
          async url() {
            const url = `http://127.0.0.1:${port}/${parcel.digest}?secret=${test.urls.length}`;
            test.urls.push(url);
            return url;
          },
        };
      },
      async clear() {
        test.clears += 1;
        return more.left;
      },
    }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return test;
}

function serve(
  { url = "" }: IncomingMessage,
  response: ServerResponse,
  stored: ReadonlyMap<string, Buffer>,
  status: number,
): void {
  const body = stored.get(url.split("?")[0] ?? "");
  response.writeHead(body === undefined ? 404 : status);
  response.end(status === 200 ? body : "");
}

async function bytesOf(parcel: Parcel): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of parcel.read()) chunks.push(chunk);
  return Buffer.concat(chunks);
}
