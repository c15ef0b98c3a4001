import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gunzipSync, zstdDecompressSync } from "node:zlib";
import { pathOfPart } from "@deploy/testkit";
import {
  type Dumped,
  type RemoteCommand,
  type RemoteStream,
  type RestoreOptions,
  render,
  restoreDump,
  type Source,
  secretLine,
} from "../../src/index.ts";
import { makeHost, type Shell, type TestHost } from "../host.ts";

/** A host with what a dump needs, and where stdout is bytes. */
export interface DumpHost extends TestHost {
  /** First on PATH: programs put here are found before the real ones. */
  readonly bin: string;
  /** A dump's answer, and its bytes: behind the begin line as sent, and unpacked. */
  take(stream: RemoteStream<Dumped>, source: Source): Promise<Taken>;
  /** What a command or dump of the source answers. */
  askOf<T>(command: RemoteCommand<T>, source: Source): Promise<T>;
  refusedOf(command: RemoteCommand<unknown>, source: Source): Promise<readonly [string, string]>;
  restore(
    source: Source,
    taken: Taken,
    options: Partial<RestoreOptions> & { into: string },
  ): Promise<unknown>;
  refusedRestore(
    source: Source,
    taken: Taken,
    options: Partial<RestoreOptions> & { into: string },
  ): Promise<readonly [string, string]>;
  /** A program of the given text, in `bin`. */
  fake(name: string, text: string): void;
}

export interface Taken {
  readonly dumped: Dumped;
  readonly stored: Buffer;
  readonly plain: Buffer;
}

export interface Ran {
  readonly code: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

const more = ["du", "head", "mkfifo", "sh", "tee"];
const postgresTools = ["psql", "pg_dump", "pg_dumpall", "pg_restore"];

/** `login`: what runs a command's line, as a login shell does. `programs`: the folder of its clients of PostgreSQL; the installed ones, unless told. */
export function dumpHost(shell: Shell, login = "/bin/sh", programs?: string): DumpHost {
  const host = makeHost(shell, login);
  const bin = join(host.home, ".bin");
  const link = (name: string, target: string) => {
    if (!existsSync(join(bin, name)) && existsSync(target)) symlinkSync(target, join(bin, name));
  };
  if (shell.busybox === true) {
    for (const name of more) link(name, shell.sh);
    for (const tool of ["zstd", "sqlite3"]) link(tool, `/usr/bin/${tool}`);
  }
  const server = pathOfPart("postgres");
  const clients = programs ?? (server === undefined ? undefined : dirname(realpathSync(server)));
  if (clients !== undefined) for (const tool of postgresTools) link(tool, join(clients, tool));
  mkdirSync(join(host.home, "tmp"), { mode: 0o700 });
  Object.assign(host.env, { TMPDIR: join(host.home, "tmp") });
  const payloadOf = (source: Source, taken?: Taken) =>
    Buffer.concat([secretLine(source), taken?.stored ?? Buffer.alloc(0)]);
  const restoring = (
    source: Source,
    { dumped }: Taken,
    options: Partial<RestoreOptions> & { into: string },
  ) => restoreDump(source, { ...dumped, ...options });
  return {
    ...host,
    bin,
    take: async (stream, source) => takenOf(stream, await runIn(host, stream, secretLine(source), login)),
    askOf: (command, source) => host.ask(command, payloadOf(source)),
    refusedOf: (command, source) => host.refused(command, payloadOf(source)),
    restore: (source, taken, options) =>
      host.ask(restoring(source, taken, options), payloadOf(source, taken)),
    refusedRestore: (source, taken, options) =>
      host.refused(restoring(source, taken, options), payloadOf(source, taken)),
    fake: (name, text) => {
      execFileSync("rm", ["-f", join(bin, name)]);
      writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`);
      chmodSync(join(bin, name), 0o755);
    },
  };
}

const begin = "\n--deploy-begin--\n";

function takenOf(stream: RemoteStream<Dumped>, ran: Ran): Taken {
  if (ran.code === null) throw new Error("it was killed");
  const dumped = stream.parse({
    status: "exited",
    code: ran.code,
    stdout: "",
    stderr: ran.stderr,
    dropped: 0,
  });
  const head = ran.stdout.subarray(0, begin.length).toString("latin1");
  if (head !== begin) throw new Error(`no begin line but ${JSON.stringify(head)}`);
  const stored = ran.stdout.subarray(begin.length);
  const plain = unpack(stored, dumped.compression);
  return { dumped, stored, plain };
}

function unpack(stored: Buffer, compression: Dumped["compression"]): Buffer {
  if (compression === "zstd") return zstdDecompressSync(stored);
  return compression === "gzip" ? gunzipSync(stored) : stored;
}

/** Runs a command as a transport does, stdout kept as bytes. */
export function runIn(
  host: TestHost,
  command: RemoteCommand<unknown>,
  payload: Uint8Array,
  login = "/bin/sh",
): Promise<Ran> {
  const { line, input } = render(command);
  return new Promise((resolve) => {
    const child = spawn(login, ["-c", line], { env: host.env, cwd: host.home, stdio: "pipe" });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on("data", (bytes: Buffer) => out.push(bytes));
    child.stderr.on("data", (bytes: Buffer) => err.push(bytes));
    child.stdin.on("error", () => undefined);
    child.stdin.end(Buffer.concat([input, payload]));
    child.on("close", (code) =>
      resolve({ code, stdout: Buffer.concat(out), stderr: Buffer.concat(err).toString() }),
    );
  });
}

/** What a host is told of a dump that was made elsewhere. */
export function takenFrom(plain: Buffer): Taken {
  const sha256 = createHash("sha256").update(plain).digest("hex");
  const dumped: Dumped = { bytes: plain.length, sha256, parsed: true, compression: "none", warnings: [] };
  return { dumped, stored: plain, plain };
}
