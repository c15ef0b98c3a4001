import { createServer, type Server, type Socket } from "node:net";
import type { Secret } from "@deploy/core";
import { plainCommand } from "@deploy/remote";
import type { Transport } from "../port.ts";

/** What Ansible's plugins may ask for. */
export interface Wired {
  /** By a host's name; undefined: it is none of this playbook's, or not connected. */
  readonly transportOf: (host: string) => Transport | undefined;
  readonly rehearses: boolean;
  readonly vault?: Secret | undefined;
  readonly signal: AbortSignal;
}

/** More than any command line: a head is a host's name and a command. */
const longestHead = 1 << 20;

/**
 * Listens on a Unix socket, which only this user reaches by the folder it is in. Each connection asks once: a line of JSON
 * (`host` and `run`, or `secret`), then stdin up to its end. The answer: `o <bytes>`, `e <bytes>` (stdout and stderr) and `f <bytes>` (the
 * connection failed, in words), each a line and as many bytes, or last `x <exit code>`; a secret comes bare.
 */
export async function listen(path: string, wired: Wired): Promise<Server> {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on("error", () => {}); // Ansible ended: nobody is there to be told
    const chunks = socket.iterator({ destroyOnReturn: false }) as AsyncIterator<Buffer>;
    void answer(socket, chunks, wired).finally(() => {
      socket.end();
      // What a command did not read is let go: who waits to write does not see an end.
      void drain(chunks);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, resolve);
  });
  return server;
}

async function drain(chunks: AsyncIterator<Buffer>): Promise<void> {
  try {
    while ((await chunks.next()).done !== true);
  } catch {
    // it is gone
  }
}

async function answer(socket: Socket, chunks: AsyncIterator<Buffer>, wired: Wired): Promise<void> {
  const { head, rest } = await headOf(chunks);
  const { host, run, secret } = head;
  if (secret === "vault") return void (await send(socket, wired.vault?.reveal() ?? ""));
  const transport = typeof host === "string" ? wired.transportOf(host) : undefined;
  if (transport === undefined || typeof run !== "string")
    return part(socket, "f", `${String(host)} is not connected`);
  const result = await transport.exec(plainCommand(run, wired.rehearses), {
    input: inputOf(rest, chunks),
    sink: (chunk) => part(socket, "o", chunk),
    signal: wired.signal,
  });
  if (result.status === "unknown") return part(socket, "f", result.reason);
  await part(socket, "e", result.stderr);
  await send(socket, `x ${result.status === "exited" ? result.code : 255}\n`);
}

type Head = Readonly<Record<string, unknown>>;

async function headOf(
  chunks: AsyncIterator<Buffer>,
): Promise<{ readonly head: Head; readonly rest: Buffer }> {
  let read = Buffer.alloc(0);
  let end = -1;
  while (end < 0) {
    const next = await chunks.next();
    if (next.done === true || read.length > longestHead) return { head: {}, rest: read };
    read = Buffer.concat([read, next.value]);
    end = read.indexOf(10);
  }
  return { head: parsed(read.toString("utf8", 0, end)), rest: read.subarray(end + 1) };
}

function parsed(text: string): Head {
  try {
    const found: unknown = JSON.parse(text);
    return typeof found === "object" && found !== null ? (found as Head) : {};
  } catch {
    return {};
  }
}

async function* inputOf(rest: Buffer, chunks: AsyncIterator<Buffer>): AsyncGenerator<Uint8Array> {
  if (rest.length > 0) yield rest;
  for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) yield next.value;
}

async function part(socket: Socket, kind: "o" | "e" | "f", body: Uint8Array | string): Promise<void> {
  const bytes = Buffer.from(body);
  if (bytes.length === 0) return;
  await send(socket, Buffer.concat([Buffer.from(`${kind} ${bytes.length}\n`), bytes]));
}

/** Waits while the other end is busy, and takes no notice of one that is gone. */
function send(socket: Socket, bytes: Uint8Array | string): Promise<void> {
  return new Promise((resolve) => {
    if (!socket.writable) return resolve();
    const gone = () => resolve();
    socket.once("close", gone);
    socket.write(bytes, () => {
      socket.off("close", gone);
      resolve();
    });
  });
}
