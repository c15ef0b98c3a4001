import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathOfPart } from "@deploy/testkit";

/** A PostgreSQL server of this test alone, on a socket that hosts see under the same path. */
export interface Postgres {
  /** The command line that runs one statement, for a shell. */
  client(statement: string, options?: string): string;
  /** Its answer, without decoration. Rejects with what psql says. */
  ask(statement: string): Promise<string>;
  /** A session that holds what these statements take, until it is ended. */
  hold(statements: string): Promise<{ end(): Promise<void> }>;
  close(): Promise<void>;
}

/** The server refuses root, so it runs as nobody. */
const nobody = 65_534;
const drop = ["setpriv", "--reuid", `${nobody}`, "--regid", `${nobody}`, "--clear-groups"];

export async function openPostgres(): Promise<Postgres> {
  const programs = dirname(realpathSync(pathOfPart("postgres") ?? ""));
  const root = mkdtempSync(join(tmpdir(), "deploy-pg-"));
  chmodSync(root, 0o755);
  const [data, socket] = [join(root, "data"), join(root, "socket")];
  for (const folder of [data, socket]) {
    mkdirSync(folder, { mode: 0o700 });
    chownSync(folder, nobody, nobody);
  }
  const init = ["-D", data, "-A", "trust", "-U", "app", "--no-sync", "--locale=C", "-E", "UTF8"];
  await ended(start([...drop, join(programs, "initdb"), ...init], root));
  const settings = ["listen_addresses=", "fsync=off", "autovacuum=off"].flatMap((one) => ["-c", one]);
  const own = ["setpriv", "--pdeathsig", "KILL", ...drop.slice(1)];
  const server = start([...own, join(programs, "postgres"), "-D", data, "-k", socket, ...settings], root);
  await told(server, "stderr", /ready to accept connections/);
  const psql = [join(programs, "psql"), "-h", socket, "-U", "app", "-X", "-A", "-t", "-q", "postgres"];
  return {
    client: (statement, options = "") => `PGOPTIONS="${options}" ${psql.join(" ")} -c "${statement}"`,
    ask: async (statement) => (await ended(start([...psql, "-c", statement], root))).trim(),
    async hold(statements) {
      const session = start(psql, root);
      session.stdin?.write(`BEGIN; ${statements};\n\\echo held\n`);
      await told(session, "stdout", /held/);
      return {
        async end() {
          session.stdin?.end();
          await new Promise((done) => session.once("close", done));
        },
      };
    },
    async close() {
      const gone = new Promise((done) => server.once("close", done));
      server.kill("SIGINT");
      await gone;
      rmSync(root, { recursive: true, force: true });
    },
  };
}

function start(argv: readonly string[], cwd: string): ChildProcess {
  const [file = "", ...args] = argv;
  return spawn(file, args, {
    cwd,
    stdio: ["pipe", "pipe", "pipe"],
    env: { PATH: process.env.PATH, LC_ALL: "C" },
  });
}

function ended(child: ChildProcess): Promise<string> {
  child.stdin?.end();
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
