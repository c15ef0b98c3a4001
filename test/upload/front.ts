import { readdirSync, readFileSync } from "node:fs";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { join } from "node:path";
import { filesBelow } from "@deploy/testkit";

/** What is done to a host that fetches: it gets it, a refusal as for an address that is too old, or it waits for ever. */
export type Deed = "pass" | "refuse" | "hold";

/** Stands before a store, on an address that hosts reach, and looks around while they fetch. */
export interface Front {
  readonly endpoint: string;
  /** What was asked, and the status it was answered with: `PUT 200`, `fetch 10.1.2.3 200`. */
  readonly seen: string[];
  /** Bytes that hosts fetched. */
  fetched(): number;
  /** Where the signature of an address stood meanwhile: arguments and environments of processes, files below `watched`. */
  readonly leaks: string[];
  /** From now on, for each fetch of a host; what is seen is counted anew, and who was held gets nothing. */
  use(deed: (host: string) => Deed): void;
  /** Once so many hosts wait. */
  held(hosts: number): Promise<void>;
  close(): Promise<void>;
}

export async function lookingFront(
  address: string,
  behind: string,
  watched: readonly string[],
): Promise<Front> {
  const [seen, leaks, held]: [string[], string[], ServerResponse[]] = [[], [], []];
  let deed: (host: string) => Deed = () => "pass";
  let bytes = 0;
  let wake = () => {};
  const to = new URL(behind);
  const server = createServer((incoming, outgoing) => {
    const url = new URL(incoming.url ?? "", behind);
    const signature = url.searchParams.get("X-Amz-Signature");
    const host = incoming.socket.remoteAddress ?? "";
    const name = signature === null ? `${incoming.method}` : `fetch ${host}`;
    outgoing.on("finish", () => seen.push(`${name} ${outgoing.statusCode}`));
    if (signature !== null) {
      leaks.push(...whereIs(signature, watched));
      const now = deed(host);
      if (now === "refuse")
        return void outgoing.writeHead(403).end("<Error><Code>AccessDenied</Code></Error>");
      if (now === "hold") {
        held.push(outgoing);
        return wake();
      }
    }
    pass(to, incoming, outgoing, (size) => {
      bytes += signature === null ? 0 : size;
    });
  });
  await new Promise<void>((done) => server.listen(0, address, done));
  return {
    endpoint: `http://${address}:${(server.address() as { port: number }).port}`,
    seen,
    leaks,
    fetched: () => bytes,
    use: (next) => {
      for (const waiting of held.splice(0)) waiting.destroy();
      deed = next;
      bytes = 0;
      seen.length = 0;
      leaks.length = 0;
    },
    held: async (hosts) => {
      while (held.length < hosts)
        await new Promise<void>((done) => {
          wake = done;
        });
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

function pass(
  to: URL,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  count: (size: number) => void,
): void {
  const { method, url: path, headers } = incoming;
  const onward = request({ host: to.hostname, port: to.port, method, path, headers, agent: false });
  onward.on("error", () => outgoing.destroy());
  onward.on("response", (answer) => {
    outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
    answer.on("data", (chunk: Buffer) => count(chunk.length)).pipe(outgoing);
  });
  incoming.pipe(onward);
}

/** What any user of a host could list, and what would stay behind. Hosts are namespaces of this machine. */
export function whereIs(signature: string, watched: readonly string[]): string[] {
  const processes = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  const told = processes.flatMap((id) => ["cmdline", "environ"].map((name) => join("/proc", id, name)));
  const files = watched.flatMap(filesBelow);
  return [...told, ...files].filter((path) => holds(path, signature));
}

function holds(path: string, text: string): boolean {
  try {
    return readFileSync(path, "latin1").includes(text);
  } catch {
    return false; // gone meanwhile
  }
}
