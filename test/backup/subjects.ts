import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Source } from "@deploy/remote";
import { hostTree, type Mariadb, type Postgres } from "@deploy/testkit";

/** Something that is backed up, and what its own tools say of it. Names are what `into` takes. */
export interface Subject {
  readonly source: Source;
  readonly name: string;
  /** What a person types to have it replaced. */
  readonly confirm?: string;
  /** Where a restore goes beside it. */
  readonly beside: string;
  /** All that is in it, as its own tools print it. */
  look(name: string): Promise<string>;
  /** As a bad release does. */
  spoil(): Promise<void>;
  drop(name: string): Promise<void>;
  /** Brings `name` back from the stored bytes, decrypted and unpacked by others: by its own tools alone. */
  byHand(dump: string): Promise<void>;
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** The host has a network of its own, so it comes by the server's socket. */
export function postgresSubject(server: Postgres, name: string, beside: string): Subject {
  const { source } = { source: server.source(name) };
  const drop = async (each: string) => void (await server.ask("postgres", `drop database ${quoted(each)};`));
  const env = { ...process.env, PGHOST: "127.0.0.1", PGPORT: `${server.port}`, PGUSER: server.user };
  const restore = (args: readonly string[]) =>
    execFileSync(join(server.programs, "pg_restore"), args, {
      env: { ...env, PGPASSWORD: server.password },
      encoding: "utf8",
    });
  return {
    ...{ name, beside, drop },
    source: { ...source, server: { ...source.server, host: server.socket } },
    look: (each) => server.dump(each),
    spoil: async () =>
      void (await server.ask(
        name,
        'drop table "select" cascade; update plain set body = null; create table bad ();',
      )),
    async byHand(dump) {
      if (!restore(["-l", dump]).includes("TABLE DATA public plain admin"))
        throw new Error("not in the list");
      await server.ask("postgres", `create database ${quoted(name)};`);
      restore(["-e", "-d", name, dump]);
    },
  };
}

export function mariadbSubject(server: Mariadb, name: string, beside: string): Subject {
  const tick = (each: string): string => `\`${each.replaceAll("`", "``")}\``;
  const drop = async (each: string) =>
    void (await server.ask("mysql", `set foreign_key_checks = 0; drop database ${tick(each)}`));
  return {
    ...{ name, beside, drop },
    source: server.source(name, { host: server.socket }),
    look: (each) => server.dump(each),
    // An event that was enabled would be still in what is kept: two of a kind would do the work twice.
    spoil: async () =>
      void (await server.ask(name, "drop table parted; alter event tick disable; create table bad (x int)")),
    async byHand(dump) {
      await server.ask("mysql", `create database ${tick(name)} character set utf8mb4 collate utf8mb4_bin`);
      await server.ask(name, readFileSync(dump, "utf8"));
    },
  };
}

export function sqliteSubject(folder: string, fill: string): Subject {
  const [name, beside] = [join(folder, "it's a shop.db"), join(folder, "beside.db")];
  const lite = (path: string, statements: string): string =>
    execFileSync("sqlite3", [path], { encoding: "utf8", input: statements });
  const drop = async (path: string) => rmSync(path);
  lite(name, fill);
  return {
    ...{ name, beside, drop, source: { kind: "sqlite", path: name } },
    look: async (path) => lite(path, "pragma integrity_check;\n.dump\n"),
    spoil: async () => void lite(name, "delete from orders; create table bad (x);"),
    byHand: async (dump) => cpSync(dump, name),
  };
}

export function filesSubject(folder: string): Subject {
  const [name, beside] = [join(folder, "it's shared"), join(folder, "beside")];
  const paths = ["up loads", "data/-x"];
  const drop = async (path: string) => rmSync(path, { recursive: true });
  for (const path of ["up loads/deep/deeper", "data/-x/empty"])
    mkdirSync(join(name, path), { recursive: true });
  writeFileSync(join(name, "up loads/-rf"), Buffer.from([0, 255, 10, 0]), { mode: 0o640 });
  writeFileSync(join(name, "up loads/deep/deeper/naïve 😀\nline"), "it's");
  writeFileSync(join(name, "data/-x/none"), "");
  symlinkSync("deep", join(name, "up loads/link"));
  return {
    ...{ name, beside, drop, source: { kind: "files", base: name, paths } },
    confirm: join(name, "up loads"),
    look: async (path) => JSON.stringify(paths.map((each) => hostTree(join(path, each)))),
    spoil: async () => writeFileSync(join(name, "up loads/-rf"), "bad"),
    async byHand(dump) {
      mkdirSync(name, { mode: 0o755 });
      execFileSync("tar", ["-xpf", dump, "-C", name]);
    },
  };
}
