import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  openPostgres,
  type Postgres,
  type S3Server,
  type SshdFleet,
  s3Server,
  sshdFleet,
} from "@deploy/testkit/servers";

/** The servers that both are measured on, and a key of the `age` command. */
export interface Ground {
  readonly postgres: Postgres;
  readonly s3: S3Server;
  readonly fleet: SshdFleet;
  readonly identity: string;
  readonly recipient: string;
  /** A database of so many rows, each of about 190 bytes in a plain dump. */
  fill(name: string, rows: number): Promise<void>;
  /** Rows, and a sum of all their bytes. */
  sum(name: string): Promise<string>;
  close(): Promise<void>;
}

export async function openGround(): Promise<Ground> {
  const [postgres, s3, fleet] = await Promise.all([openPostgres(), s3Server(), sshdFleet({ hosts: 1 })]);
  const identity = execFileSync("age-keygen", [], { encoding: "utf8", stdio: "pipe" });
  return {
    ...{ postgres, s3, fleet, identity, recipient: /age1\w+/.exec(identity)?.[0] ?? "" },
    async fill(name, rows) {
      await postgres.ask("postgres", `create database ${name};`);
      await postgres.ask(
        name,
        `${table} from generate_series(1::bigint, ${rows}) n; alter table orders add primary key (id); checkpoint;`,
      );
    },
    sum: (name) =>
      postgres.ask(
        name,
        "select count(*), sum(hashtextextended(o::text, 0)), sum(length(o::text)) from orders o",
      ),
    async close() {
      await Promise.all([postgres.close(), s3.stop(), fleet.close()]);
    },
  };
}

/** As a shop's: numbers, times, words that come again and again, and some that never do. zstd and gzip take it to about a quarter. */
const table = `
create table orders as select n as id, md5(n::text) as token, timestamp '2026-01-01' + n * interval '7 seconds' as placed,
  (n * 7919 % 100000) / 100.0 as total, (array['open', 'paid', 'sent', 'returned'])[1 + n % 4] as state,
  'Customer ' || (n * 31 % 50000) || ', ' || (array['Berlin', 'Lyon', 'Porto', 'Gdansk', 'Turku'])[1 + n % 5] as customer,
  md5((n / 3)::text) || ' please deliver to the neighbour, ring twice ' || (n % 977) as note`;

/** A file of a person's alone, for what commands read. */
export function keptFile(name: string, text: string): { readonly path: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), "deploy-bench-"));
  const path = join(folder, name);
  writeFileSync(path, text, { mode: 0o600 });
  return { path, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
