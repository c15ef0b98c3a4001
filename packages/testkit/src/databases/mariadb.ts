import { rmSync } from "node:fs";
import { join } from "node:path";
import { Secret } from "@deploy/core";
import type { Source } from "@deploy/remote";
import { findFreePort } from "../fleet/fleet.ts";
import { pathOfPart } from "../parts.ts";
import { asServer, ended, held, serverFolder, start, stop, told } from "./program.ts";

type MariadbSource = Extract<Source, { kind: "mysql" | "mariadb" }>;

/** A MariaDB server of this test alone, on loopback and on a socket; `admin` may do all and has a password. */
export interface Mariadb {
  readonly port: number;
  readonly socket: string;
  readonly user: "admin";
  readonly password: string;
  /** The answer without decoration, fields parted by tabs. Rejects with what the client says. */
  ask(
    database: string,
    statements: string | Uint8Array,
    as?: { user: string; password: string },
  ): Promise<string>;
  /** A session of an application that holds what these statements take, until it is ended by either side. */
  hold(database: string, statements?: string): Promise<{ end(): Promise<void> }>;
  /** All of a database as SQL, as text to compare. */
  dump(database: string): Promise<string>;
  source(name: string, more?: Partial<MariadbSource["server"]>): MariadbSource;
  close(): Promise<void>;
}

/** No file of settings of this machine; nothing need outlive a crash. */
const quick = [
  ...["--no-defaults", "--innodb-flush-method=nosync", "--innodb-flush-log-at-trx-commit=0"],
  ...["--innodb-log-file-size=16M", "--innodb-buffer-pool-size=32M", "--performance-schema=OFF"],
];

interface Options {
  readonly password?: string;
  readonly databases?: readonly string[];
  /** More options of mariadbd. */
  readonly settings?: readonly string[];
}

/** With databases of these names (utf8mb4). */
export async function openMariadb(options: Options = {}): Promise<Mariadb> {
  const { password = "the 'admin': pass\\word", databases = [], settings = [] } = options;
  const { root, port, socket, server } = await boot(settings);
  const at = ["--no-defaults", `--socket=${socket}`, "--default-character-set=utf8mb4"];
  const client = [pathOfPart("mariadb") ?? "mariadb", ...at, "-N", "-B", "--raw"];
  const mariadb: Mariadb = {
    ...{ port, socket, user: "admin", password },
    async ask(database, statements, as) {
      const who = [`--user=${as?.user ?? "root"}`, `--database=${database}`];
      const env = as === undefined ? {} : { MYSQL_PWD: as.password };
      return (await ended(start([...client, ...who], root, env), statements)).trimEnd();
    },
    hold(database, statements = "select 1") {
      const session = start([...client, "-n", "--user=root", `--database=${database}`], root);
      return held(session, `begin; ${statements}; select 'held';\n`);
    },
    async dump(database) {
      const parts = ["--routines", "--triggers", "--events", "--hex-blob", "--skip-comments"];
      const dumper = pathOfPart("mariadb-dump") ?? "mariadb-dump";
      return withoutName(await ended(start([dumper, ...at, "--user=root", ...parts, "--", database], root)));
    },
    source: (name, more = {}) => ({
      kind: "mariadb",
      server: {
        ...{ host: "127.0.0.1", port, name, options: {}, user: "admin", password: new Secret(password) },
        ...more,
      },
    }),
    async close() {
      await stop(server, "SIGTERM");
      rmSync(root, { recursive: true, force: true });
    },
  };
  const admin = `create user admin identified by ${text(password)}; grant all on *.* to admin with grant option;`;
  await mariadb.ask("mysql", admin);
  for (const name of databases)
    await mariadb.ask("mysql", `create database ${tick(name)} character set utf8mb4`);
  return mariadb;
}

async function boot(settings: readonly string[]) {
  const { root, folder } = serverFolder("my", "data");
  const install = [pathOfPart("mariadb-install-db") ?? "mariadb-install-db", ...quick, `--datadir=${folder}`];
  const plain = ["--auth-root-authentication-method=normal", "--skip-test-db", "--skip-name-resolve"];
  await ended(start([...asServer, ...install, ...plain, `--tmpdir=${folder}`], root));
  const [port, socket] = [await findFreePort(), join(folder, "s")];
  const listen = [`--port=${port}`, "--bind-address=127.0.0.1", `--socket=${socket}`, "--skip-name-resolve"];
  const own = [`--datadir=${folder}`, `--tmpdir=${folder}`, `--pid-file=${join(folder, "pid")}`];
  const argv = [pathOfPart("mariadbd") ?? "mariadbd", ...quick, ...own, ...listen, ...settings];
  const server = start([...asServer, ...argv], root);
  await told(server, "stderr", /ready for connections/);
  return { root, port, socket, server };
}

/** A string in SQL. */
function text(value: string): string {
  return `'${value.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}

/** A name in SQL. */
function tick(name: string): string {
  return `\`${name.replaceAll("`", "``")}\``;
}

/** Databases of different names with the same content have the same dump. */
function withoutName(dump: string): string {
  return dump.replaceAll(/^ALTER DATABASE `(?:[^`]|``)*` /gm, "ALTER DATABASE ");
}
