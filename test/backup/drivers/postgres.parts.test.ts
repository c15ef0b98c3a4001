import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { Secret } from "@deploy/core";
import { awkwardPostgres, driverContract, openPostgres } from "@deploy/testkit";

const name = `it's a "shop" ☃`;
const quoted = (database: string): string => `"${database.replaceAll('"', '""')}"`;

driverContract("postgres", ["postgres"], async () => {
  const server = await openPostgres({ databases: [name] });
  await server.ask(name, awkwardPostgres());
  const env = { ...process.env, PGHOST: "127.0.0.1", PGPORT: `${server.port}`, PGUSER: server.user };
  const restore = (args: readonly string[]) =>
    execFileSync(join(server.programs, "pg_restore"), args, {
      env: { ...env, PGPASSWORD: server.password },
      encoding: "utf8",
    });
  const of = (database: string, more: { host?: string; password?: Secret } = {}) => {
    const { server: at, ...rest } = server.source(database);
    return { ...rest, server: { ...at, host: server.socket, ...more } };
  };
  return {
    ...{ source: of(name), name, beside: "beside; -- $(id)", other: of("postgres") },
    look: (database) => server.dump(database),
    names: async () =>
      (await server.ask("postgres", "select datname from pg_database order by 1")).split("\n"),
    spoil: async () =>
      void (await server.ask(
        name,
        'drop table "select" cascade; update plain set body = null; create table bad ();',
      )),
    drop: async (database) => void (await server.ask("postgres", `drop database ${quoted(database)};`)),
    async byHand(dump) {
      if (!restore(["-l", dump]).includes("TABLE DATA public plain admin"))
        throw new Error("not in the list");
      await server.ask("postgres", `create database ${quoted(name)};`);
      restore(["-e", "-d", name, dump]);
    },
    refused: {
      "no such database": of("nowhere"),
      "a wrong password": of(name, { password: new Secret("hunter2 is wrong") }),
      "nobody who answers": of(name, { host: "/nowhere" }),
    },
    tools: [["pg_dump"], ["pg_restore"]],
    dumper: { program: "pg_dump", args: "*-F*" },
    close: server.close,
  };
});
