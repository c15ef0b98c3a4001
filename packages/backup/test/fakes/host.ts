import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { type Counted, type Ended, type ExecResult, frame } from "@deploy/remote";
import type { ExecOptions, Transport } from "@deploy/transport";
import { slices } from "./store.ts";

/** What one command does on a host that is only played: its payload has been read. */
export type Play = (call: Call) => Promise<Ended & Partial<ExecResult>>;

export interface Call {
  readonly args: readonly string[];
  readonly input: Buffer;
  readonly options: ExecOptions;
}

export interface PlayedHost extends Transport {
  /** Names of the commands, in order. */
  readonly ran: string[];
  readonly calls: Call[];
}

export const ok = (...lines: readonly string[]): Ended & Partial<ExecResult> => ({
  status: "exited",
  code: 0,
  stdout: frame(...lines),
});

export const hex = (text: string): string => Buffer.from(text).toString("hex");

/** A database on a host that is only played: for ends that no real one has on demand. */
export function playedHost(plays: Readonly<Record<string, Play>>): PlayedHost {
  const ran: string[] = [];
  const calls: Call[] = [];
  return {
    host: {
      name: "db1",
      address: "db1",
      port: 22,
      user: "deploy",
      roles: [],
    } as unknown as Transport["host"],
    ran,
    calls,
    async exec(command, options = {}) {
      const verb = command.name.split(" ")[0] ?? "";
      ran.push(verb);
      const call = { args: command.args, input: await collect(options.input), options };
      calls.push(call);
      const play = plays[verb];
      if (play === undefined) throw new Error(`nobody plays ${command.name}`);
      return { stdout: "", stderr: "", dropped: 0, ...(await play(call)) } as ExecResult;
    },
    http: () => Promise.reject(new Error("not played")),
    close: async () => {},
  };
}

export async function collect(source: AsyncIterable<Uint8Array> | undefined): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of source ?? []) chunks.push(chunk);
  return Buffer.concat(chunks);
}

export const inspected =
  (name = "shop", identity = "7300000000000000001", estimate = 1_000_000): Play =>
  async () =>
    ok(
      ...[`name ${hex(name)}`, `server ${hex("PostgreSQL 15.14")}`, `tool ${hex("pg_dump 15.14")}`],
      ...[`identity ${hex(identity)}`, `estimate ${estimate}`, "tables 3", "compressor gzip"],
    );

/** Sends a dump as a host does; `change` alters what is sent and how it ends. */
export function dumped(
  plain: Buffer,
  change: (sent: Buffer, end: Ended & Partial<ExecResult>) => [Buffer, Ended & Partial<ExecResult>] = (
    sent,
    end,
  ) => [sent, end],
): Play {
  return async ({ options }) => {
    const sha256 = createHash("sha256").update(plain).digest("hex");
    const answer = `dumped ${plain.length} ${sha256} gzip`;
    const end = { status: "exited", code: 0, stderr: `pg_dump: said this${frame(answer)}` } as const;
    const [bytes, ended] = change(gzipSync(plain), end);
    try {
      await options.sink?.(Buffer.from("Welcome!\n\n--deploy-begin--\n"));
      for (const chunk of slices(bytes)) {
        if (options.signal?.aborted === true) return { status: "unknown", reason: "stopped waiting" };
        await options.sink?.(chunk);
      }
    } catch {
      return { status: "unknown", reason: "the sink refused" };
    }
    return ended;
  };
}

export const counted =
  (tables: Counted["tables"], schema = "a".repeat(64)): Play =>
  async () =>
    ok(`schema ${schema}`, ...tables.map(({ name, rows }) => `rows ${hex(name)} ${rows}`));
