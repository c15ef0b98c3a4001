import { spawn } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { findFreePort, pathOfPart } from "@deploy/testkit";

/** A PostgreSQL server of one test, on loopback, that wants passwords from all but its own administrator's socket. */
export interface TestPostgres {
  readonly port: number;
  /** The answer without decoration, as administrator. Rejects with what psql says. */
  ask(database: string, statements: string): Promise<string>;
  close(): Promise<void>;
}

const nobody = 65_534;
/** The server refuses root; it ends with the test, however that ends. */
const asNobody =
  process.getuid?.() === 0
    ? ["setpriv", "--pdeathsig", "KILL", "--reuid", `${nobody}`, "--regid", `${nobody}`, "--clear-groups"]
    : ["setpriv", "--pdeathsig", "KILL"];

export async function testPostgres(): Promise<TestPostgres> {
  const programs = dirname(realpathSync(pathOfPart("postgres") ?? ""));
  const program = (name: string): string => join(programs, name);
  const root = mkdtempSync(join(tmpdir(), "pg-"));
  const data = join(root, "data");
  mkdirSync(data, { mode: 0o700 });
  if (process.getuid?.() === 0) for (const path of [root, data]) chownSync(path, nobody, nobody);
  chmodSync(root, 0o755);
  const auth = ["--auth-local=trust", "--auth-host=scram-sha-256", "-U", "admin", "--no-sync"];
  await run([...asNobody, program("initdb"), "-D", data, ...auth, "--locale=C.UTF-8", "-E", "UTF8"]);
  const port = await findFreePort();
  const settings = [
    "listen_addresses=127.0.0.1",
    `port=${port}`,
    `unix_socket_directories=${root}`,
    "fsync=off",
  ];
  const flags = settings.flatMap((each) => ["-c", each]);
  const server = spawnIn([...asNobody, program("postgres"), "-D", data, ...flags]);
  await new Promise<void>((resolve, reject) => {
    let log = "";
    server.stderr.setEncoding("utf8").on("data", (text: string) => {
      log += text;
      if (log.includes("ready to accept connections")) resolve();
    });
    server.once("close", () => reject(new Error(log)));
  });
  const psql = [
    program("psql"),
    "-X",
    "-A",
    "-t",
    "-q",
    "-v",
    "ON_ERROR_STOP=1",
    "-h",
    root,
    "-p",
    `${port}`,
    "-U",
    "admin",
  ];
  return {
    port,
    ask: async (database, statements) => (await run([...psql, "-d", database, "-f", "-"], statements)).trim(),
    async close() {
      const gone = new Promise((resolve) => server.once("close", resolve));
      server.kill("SIGINT");
      await gone;
      rmSync(root, { recursive: true, force: true });
    },
  };
}

function spawnIn([file = "", ...args]: readonly string[]) {
  const env = { PATH: process.env.PATH, LC_ALL: "C", PGCLIENTENCODING: "UTF8" };
  return spawn(file, args, { cwd: "/", stdio: "pipe", env });
}

function run(argv: readonly string[], input = ""): Promise<string> {
  const child = spawnIn(argv);
  let [out, errors] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => (code === 0 ? resolve(out) : reject(new Error(errors))));
  });
}
