import { realpathSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Secret } from "@deploy/core";
import type { Source } from "@deploy/remote";
import { findFreePort } from "../fleet/fleet.ts";
import { pathOfPart } from "../parts.ts";
import { asServer, ended, held, serverFolder, start, stop, told } from "./program.ts";

type PostgresSource = Extract<Source, { kind: "postgres" }>;

/** A PostgreSQL server of this test alone, on loopback and on a socket, that wants passwords (scram-sha-256) on both. */
export interface Postgres {
  readonly port: number;
  /** Folder of the socket `.s.PGSQL.<port>`. */
  readonly socket: string;
  /** Where its programs are: psql, pg_dump and the like. */
  readonly programs: string;
  /** The superuser. */
  readonly user: "admin";
  readonly password: string;
  /** The answer without decoration. Rejects with what psql says. */
  ask(database: string, statements: string, as?: { user: string; password: string }): Promise<string>;
  /** A session of an application that holds what these statements take, until it is ended by either side. */
  hold(database: string, statements?: string): Promise<{ end(): Promise<void> }>;
  /** All of a database as SQL, as text to compare. */
  dump(database: string): Promise<string>;
  source(name: string, more?: { user?: string; password?: string }): PostgresSource;
  close(): Promise<void>;
}

interface Options {
  readonly password?: string;
  readonly databases?: readonly string[];
  /** Folder of the server's programs; those that are installed, unless told. */
  readonly programs?: string;
  /** Folder of psql and pg_dump, where they lie elsewhere. */
  readonly clients?: string;
}

/** With databases of these names, besides `postgres`. */
export async function openPostgres(options: Options = {}): Promise<Postgres> {
  const { password = "the 'admin': pass\\word", databases = [] } = options;
  const { root, port, socket, programs: own, server } = await boot(password, options.programs);
  const programs = options.clients ?? own;
  const at = { PGHOST: "127.0.0.1", PGPORT: `${port}`, PGCLIENTENCODING: "UTF8" };
  const env = { ...at, PGUSER: "admin", PGPASSWORD: password };
  const run = (name: string, args: readonly string[], more: NodeJS.ProcessEnv) =>
    start([join(programs, name), ...args], root, { ...env, ...more });
  const psql = ["-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1", "-f", "-"];
  const postgres: Postgres = {
    ...{ port, socket, programs, user: "admin", password },
    async ask(database, statements, as) {
      const who = as === undefined ? {} : { PGUSER: as.user, PGPASSWORD: as.password };
      return (await ended(run("psql", psql, { ...who, PGDATABASE: database }), statements)).trim();
    },
    hold(database, statements = "select 1") {
      const session = run("psql", psql, { PGDATABASE: database, PGAPPNAME: "the web app" });
      return held(session, `\\o /dev/null\nbegin; ${statements};\n\\o\n\\echo held\n`);
    },
    dump: async (database) =>
      withoutNoise(await ended(run("pg_dump", ["--no-sync"], { PGDATABASE: database }))),
    source: (name, more = {}) => ({
      kind: "postgres",
      globals: false,
      server: {
        ...{ host: "127.0.0.1", port, name, options: { sslmode: "disable" } },
        user: more.user ?? "admin",
        password: new Secret(more.password ?? password),
      },
    }),
    async close() {
      await stop(server, "SIGINT");
      rmSync(root, { recursive: true, force: true });
    },
  };
  for (const name of databases) {
    await postgres.ask("postgres", `create database "${name.replaceAll('"', '""')}";`);
  }
  return postgres;
}

async function boot(password: string, where?: string) {
  const programs = where ?? dirname(realpathSync(pathOfPart("postgres") ?? "postgres"));
  const { root, folder } = serverFolder("pg", "data");
  const secret = join(root, "password");
  writeFileSync(secret, `${password}\n`, { mode: 0o644 });
  const access = ["-A", "scram-sha-256", "-U", "admin", "--pwfile", secret];
  const init = [...access, "--no-sync", "--locale=C.UTF-8", "-E", "UTF8", "-D", folder];
  await ended(start([...asServer, join(programs, "initdb"), ...init], root));
  const port = await findFreePort();
  const settings = ["listen_addresses=127.0.0.1", `port=${port}`, `unix_socket_directories=${folder}`];
  const set = [...settings, "fsync=off", "autovacuum=off"].flatMap((one) => ["-c", one]);
  const server = start([...asServer, join(programs, "postgres"), "-D", folder, ...set], root);
  await told(server, "stderr", /ready to accept connections/);
  return { root, port, socket: folder, programs, server };
}

/** Newer tools frame a dump by a random word. */
function withoutNoise(dump: string): string {
  return dump.replaceAll(/^\\(un)?restrict .*\n/gm, "");
}
