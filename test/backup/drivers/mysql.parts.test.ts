import { readFileSync } from "node:fs";
import { Secret } from "@deploy/core";
import { awkwardMariadb, type DriverSubject, driverContract, openMariadb } from "@deploy/testkit";

const parts = ["mariadbd", "mariadb", "mariadb-dump", "mariadb-install-db"] as const;
/** mariadb-dump 10.11 cannot find a database whose name holds a quote and which has events; it says so. */
const name = "shop; -- $(id) ☃";
const tick = (database: string): string => `\`${database.replaceAll("`", "``")}\``;

/** MySQL's own server is not at hand: its driver meets MariaDB's, and the tools under MySQL's names. */
const open = (kind: "mysql" | "mariadb") => async (): Promise<DriverSubject> => {
  const server = await openMariadb({ databases: [name, "other"] });
  await server.ask(name, awkwardMariadb());
  const of = (database: string, more: { host?: string; password?: Secret } = {}) =>
    ({ ...server.source(database, { host: server.socket, ...more }), kind }) as const;
  const create = "character set utf8mb4 collate utf8mb4_bin";
  return {
    ...{ source: of(name), name, beside: "beside; -- $(id)", other: of("other") },
    look: (database) => server.dump(database),
    names: async () => (await server.ask("mysql", "show databases")).split("\n"),
    // An event that was enabled would be still in what is kept: two of a kind would do the work twice.
    spoil: async () =>
      void (await server.ask(name, "drop table parted; alter event tick disable; create table bad (x int)")),
    drop: async (database) =>
      void (await server.ask("mysql", `set foreign_key_checks = 0; drop database ${tick(database)}`)),
    async byHand(dump) {
      await server.ask("mysql", `create database ${tick(name)} ${create}`);
      await server.ask(name, readFileSync(dump));
    },
    refused: {
      "no such database": of("nowhere"),
      "a wrong password": of(name, { password: new Secret("hunter2 is wrong") }),
      "nobody who answers": of(name, { host: "/nowhere/s" }),
    },
    tools: [
      ["mysql", "mariadb"],
      ["mysqldump", "mariadb-dump"],
    ],
    dumper: { program: kind === "mysql" ? "mysqldump" : "mariadb-dump", args: "*--single-transaction*" },
    close: server.close,
  };
};

driverContract("mariadb", parts, open("mariadb"));
driverContract("mysql", parts, open("mysql"));
