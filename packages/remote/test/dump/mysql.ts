import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { type Mariadb, needs } from "@deploy/testkit";
import type { Shell } from "../host.ts";
import { type DumpHost, dumpHost } from "./host.ts";

export const describeMariadb = (title: string, suite: () => void) =>
  needs("mariadbd", "mariadb", "mariadb-dump", "mariadb-install-db")(title, suite);

/** A host that has MariaDB's clients, whatever else it has. */
export function mariadbHost(shell: Shell): DumpHost {
  const host = dumpHost(shell);
  if (shell.busybox === true) {
    for (const tool of ["mariadb", "mariadb-dump"]) symlinkSync(`/usr/bin/${tool}`, join(host.bin, tool));
  }
  return host;
}

/** Names of all databases but the server's own. */
export async function databasesOf(server: Mariadb): Promise<readonly string[]> {
  const names = await server.ask("mysql", "select schema_name from information_schema.schemata");
  const own = /^(information_schema|mysql|performance_schema|sys)$/;
  return names
    .split("\n")
    .filter((name) => !own.test(name))
    .sort();
}

export async function makeDatabase(server: Mariadb, name: string, statements: string): Promise<void> {
  await server.ask(
    "mysql",
    `create database ${tick(name)} character set utf8mb4; use ${tick(name)}; ${statements}`,
  );
}

/** Drops all databases but this one. */
export async function keepOnly(server: Mariadb, kept: string): Promise<void> {
  for (const name of await databasesOf(server)) {
    if (name !== kept) await server.ask("mysql", `set foreign_key_checks = 0; drop database ${tick(name)}`);
  }
}

/** A string in SQL. */
export function text(value: string): string {
  return `'${value.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}

function tick(name: string): string {
  return `\`${name.replaceAll("`", "``")}\``;
}
