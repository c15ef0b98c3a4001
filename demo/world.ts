import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { testKeys } from "@deploy/testkit/servers";
import { type DemoHost, startHost } from "./host.ts";
import { openRepository, type Repository } from "./repository.ts";

/** Everything the story plays in, all of it below one folder. */
export interface World {
  readonly folder: string;
  readonly hosts: readonly DemoHost[];
  readonly repository: Repository;
  readonly identityFile: string;
  readonly knownHostsFile: string;
  /** How often `migrate.mjs` ran, from its own table. */
  countMigrations(): number;
  countOrders(): number;
  /** Ends every server and removes the folder. */
  close(options: { readonly keep: boolean }): Promise<void>;
}

/** Makes three servers with a database that holds three orders, a repository, a key and pinned host keys. */
export async function openWorld(folder: string): Promise<World> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, "tmp"), { recursive: true });
  const database = join(folder, "shop.sqlite");
  makeDatabase(database);
  const keys = testKeys({ comment: "deploy-shop" });
  const identityFile = join(folder, "deploy_key");
  writeFileSync(identityFile, keys.private, { mode: 0o600 });
  const hosts: DemoHost[] = [];
  const close = async ({ keep }: { readonly keep: boolean }): Promise<void> => {
    await Promise.all(hosts.map((host) => host.close()));
    if (!keep) rmSync(folder, { recursive: true, force: true });
  };
  try {
    for (const name of ["web1", "web2", "web3"]) {
      hosts.push(await startHost({ name, folder, database, authorizedKey: keys.public }));
    }
    const knownHostsFile = join(folder, "known_hosts");
    writeFileSync(knownHostsFile, hosts.map((host) => `${host.knownHostsLine}\n`).join(""));
    const repository = openRepository(
      join(folder, "shop"),
      hosts.map((host) => host.line),
    );
    return {
      folder,
      hosts,
      repository,
      identityFile,
      knownHostsFile,
      countMigrations: () => count(database, "migration_runs"),
      countOrders: () => count(database, "orders"),
      close,
    };
  } catch (error) {
    await close({ keep: false });
    throw error;
  }
}

function makeDatabase(file: string): void {
  const database = new DatabaseSync(file);
  database.exec("create table orders (id integer primary key, item text not null)");
  database.exec("insert into orders (item) values ('kettle'), ('teapot'), ('cup')");
  database.exec("create table migration_runs (release text not null)");
  database.close();
}

function count(file: string, table: "orders" | "migration_runs"): number {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const row = database.prepare(`select count(*) as count from ${table}`).get();
    return Number(row?.count);
  } finally {
    database.close();
  }
}
