import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Secret } from "@deploy/core";
import { findFreePort, pathOfPart } from "@deploy/testkit";
import type { Source } from "../../src/index.ts";

/** A PostgreSQL server of this test alone, on loopback, that wants passwords (scram-sha-256). */
export interface Postgres {
  readonly port: number;
  /** Its answer without decoration, as superuser. Rejects with what psql says. */
  ask(database: string, statements: string): Promise<string>;
  /** A session of an application, until it is ended by either side. */
  hold(database: string): Promise<{ end(): Promise<void> }>;
  source(name: string, more?: { user?: string; password?: string }): Extract<Source, { kind: "postgres" }>;
  close(): Promise<void>;
}

/** The server refuses root, so it runs as nobody. */
const nobody = 65_534;
const drop = ["setpriv", "--reuid", `${nobody}`, "--regid", `${nobody}`, "--clear-groups"];
const password = "the 'admin': pass\\word";

export async function openPostgres(): Promise<Postgres> {
  const programs = dirname(realpathSync(pathOfPart("postgres") ?? ""));
  const root = mkdtempSync(join(tmpdir(), "deploy-pg-"));
  chmodSync(root, 0o755);
  const data = join(root, "data");
  mkdirSync(data, { mode: 0o700 });
  chownSync(data, nobody, nobody);
  writeFileSync(join(root, "password"), `${password}\n`, { mode: 0o644 });
  const init = [
    "-D",
    data,
    "-A",
    "scram-sha-256",
    "-U",
    "admin",
    "--pwfile",
    join(root, "password"),
    "--no-sync",
  ];
  await ended(start([...drop, join(programs, "initdb"), ...init, "--locale=C.UTF-8", "-E", "UTF8"], root));
  const port = await findFreePort();
  const settings = [
    "listen_addresses=127.0.0.1",
    `port=${port}`,
    "unix_socket_directories=",
    "fsync=off",
    "autovacuum=off",
  ];
  const own = ["setpriv", "--pdeathsig", "KILL", ...drop.slice(1)];
  const options = settings.flatMap((one) => ["-c", one]);
  const server = start([...own, join(programs, "postgres"), "-D", data, ...options], root);
  await told(server, "stderr", /ready to accept connections/);
  const psql = [join(programs, "psql"), "-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1", "-f", "-"];
  const env = { PGHOST: "127.0.0.1", PGPORT: `${port}`, PGUSER: "admin", PGPASSWORD: password };
  return {
    port,
    ask: async (database, statements) =>
      (await ended(start(psql, root, { ...env, PGDATABASE: database }), statements)).trim(),
    async hold(database) {
      const session = start(psql, root, { ...env, PGDATABASE: database, PGAPPNAME: "the web app" });
      session.stdin?.on("error", () => undefined);
      session.stdin?.write("\\o /dev/null\nselect 1;\n\\o\n\\echo held\n");
      await told(session, "stdout", /held/);
      const over = new Promise<void>((done) => session.once("close", () => done()));
      return {
        end: () => {
          session.stdin?.end();
          return over;
        },
      };
    },
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
      const gone = new Promise((done) => server.once("close", done));
      server.kill("SIGINT");
      await gone;
      rmSync(root, { recursive: true, force: true });
    },
  };
}

function start(argv: readonly string[], cwd: string, more: NodeJS.ProcessEnv = {}): ChildProcess {
  const [file = "", ...args] = argv;
  const env = { PATH: process.env.PATH, LC_ALL: "C", PGCLIENTENCODING: "UTF8", ...more };
  return spawn(file, args, { cwd, stdio: ["pipe", "pipe", "pipe"], env });
}

function ended(child: ChildProcess, input = ""): Promise<string> {
  child.stdin?.end(input);
  let [out, errors] = ["", ""];
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    out += text;
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  return new Promise((done, fail) => {
    child.once("error", fail);
    child.once("close", (code) => (code === 0 ? done(out) : fail(new Error(errors))));
  });
}

function told(child: ChildProcess, stream: "stdout" | "stderr", pattern: RegExp): Promise<void> {
  let seen = "";
  return new Promise((done, fail) => {
    child.once("close", () => fail(new Error(`it ended before it printed ${pattern}: ${seen}`)));
    child[stream]?.setEncoding("utf8").on("data", (text: string) => {
      seen += text;
      if (pattern.test(seen)) done();
    });
  });
}
