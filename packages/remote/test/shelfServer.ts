import { readdirSync, readFileSync } from "node:fs";
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import { join } from "node:path";
import { filesBelow } from "@deploy/testkit";

/** What a store's server does with a request. */
export type Deed =
  | "send"
  /** Half of the bytes, and after a while the connection is gone. */
  | "cut"
  /** As `cut`, and nobody was told how long it would be. */
  | "cut-chunks"
  /** S3's own refusal. */
  | { readonly status: number; readonly location?: string };

/** A server on loopback with one parcel. */
export interface ShelfServer {
  /** With a signature that nobody else may see. */
  url(path?: string): string;
  readonly port: number;
  readonly seen: { readonly url: string; readonly headers: IncomingHttpHeaders }[];
  /** Where the signature stood while it was asked: arguments, environments and files below `watched`. */
  readonly leaks: string[];
  use(parcel: Uint8Array, deed?: Deed, watched?: string): void;
  close(): Promise<void>;
}

export const signature = "51674e17d0c0ffee";

export async function shelfServer(): Promise<ShelfServer> {
  let now: { parcel: Uint8Array; deed: Deed; watched: string | undefined };
  const seen: ShelfServer["seen"] = [];
  const leaks: string[] = [];
  const server = createServer((incoming, outgoing) => {
    seen.push({ url: incoming.url ?? "", headers: incoming.headers });
    leaks.push(...inProcesses(), ...inFiles(now.watched));
    answer(now, incoming, outgoing);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as { port: number };
  return {
    url: (path = "/shop/parcel.tar") => `http://127.0.0.1:${port}${path}?X-Amz-Signature=${signature}&x=%20`,
    port,
    seen,
    leaks,
    use: (parcel, deed = "send", watched = undefined) => {
      now = { parcel, deed, watched };
      seen.length = 0;
      leaks.length = 0;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

function answer(
  { parcel, deed }: { parcel: Uint8Array; deed: Deed },
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): void {
  if (deed === "send") return void outgoing.writeHead(200, { "content-length": parcel.length }).end(parcel);
  if (typeof deed === "object") {
    const { status, location } = deed;
    const to = location === undefined ? {} : { location };
    outgoing.writeHead(status, { "content-type": "application/xml", ...to });
    return void outgoing.end(`<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>`);
  }
  outgoing.writeHead(200, deed === "cut" ? { "content-length": parcel.length } : {});
  outgoing.write(parcel.subarray(0, parcel.length / 2), () => incoming.socket.destroy());
}

/** The files of processes that anybody, or at least their user, can read. */
function inProcesses(): string[] {
  const ids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return ids.flatMap((id) => ["cmdline", "environ"].map((name) => join("/proc", id, name))).filter(holds);
}

function inFiles(folder: string | undefined): string[] {
  return folder === undefined ? [] : filesBelow(folder).filter(holds);
}

function holds(path: string): boolean {
  try {
    return readFileSync(path, "latin1").includes(signature);
  } catch {
    return false; // gone meanwhile
  }
}
