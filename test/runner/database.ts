import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Job } from "./job.ts";

/** The SQLite file of the app, on the leader; its backups go into a folder of the workspace. */
export interface Shop {
  readonly folder: string;
  /** The name a person types to have it replaced. */
  readonly file: string;
  readonly store: string;
  /** What every step on it is given. */
  readonly inputs: Readonly<Record<string, string>>;
  /** The answers of sqlite3, trimmed; of another file in the same folder where one is named. */
  ask(statements: string, file?: string): string;
}

export function openShop(job: Job): Shop {
  const folder = join(job.fleet.servers[0]?.root ?? "", "shop/shared/db");
  const store = join(job.workspace, "backups");
  mkdirSync(folder, { recursive: true });
  const ask = (statements: string, file = "shop.db"): string => {
    const { status, stdout, stderr } = spawnSync("sqlite3", [join(folder, file)], {
      input: statements,
      encoding: "utf8",
    });
    if (status !== 0) throw new Error(stderr);
    return stdout.trim();
  };
  ask("create table orders (id integer primary key, what text); insert into orders values (1, 'tea');");
  const inputs = { app: "shop", database: "sqlite", path: "db/shop.db", store };
  return { folder, file: join(folder, "shop.db"), store, inputs, ask };
}
