import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Database servers refuse root, so they run as nobody where the tests run as root. */
const nobody = 65_534;
const isRoot = process.getuid?.() === 0;
const drop = isRoot ? ["--reuid", `${nobody}`, "--regid", `${nobody}`, "--clear-groups"] : [];

/** Runs as the servers' user, and ends with us. */
export const asServer = ["setpriv", "--pdeathsig", "KILL", ...drop];

/** A temporary folder that may be entered, with one in it that is the server's own. */
export function serverFolder(name: string, own: string): { root: string; folder: string } {
  const root = mkdtempSync(join(tmpdir(), `deploy-${name}-`));
  chmodSync(root, 0o755);
  const folder = join(root, own);
  mkdirSync(folder, { mode: 0o700 });
  if (isRoot) chownSync(folder, nobody, nobody);
  return { root, folder };
}

export function start(argv: readonly string[], cwd: string, more: NodeJS.ProcessEnv = {}): ChildProcess {
  const [file = "", ...args] = argv;
  const env = { PATH: process.env.PATH, HOME: cwd, LC_ALL: "C", ...more };
  const child = spawn(file, args, { cwd, stdio: "pipe", env });
  child.stdin.on("error", () => undefined); // it may end before it read all
  return child;
}

/** What it prints when it is told this. Rejects with what it says on stderr. */
export function ended(child: ChildProcess, input: string | Uint8Array = ""): Promise<string> {
  child.stdin?.end(input);
  const out = textOf(child, "stdout");
  const errors = textOf(child, "stderr");
  return new Promise((done, fail) => {
    child.once("error", fail);
    child.once("close", (code) => (code === 0 ? done(out()) : fail(new Error(errors() || out()))));
  });
}

/** Resolves once it printed this; rejects with what it said when it ends before. */
export function told(child: ChildProcess, stream: "stdout" | "stderr", pattern: RegExp): Promise<void> {
  const text = textOf(child, stream);
  return new Promise((done, fail) => {
    child.once("error", fail);
    child.once("close", () => fail(new Error(`it ended before it printed ${pattern}: ${text()}`)));
    child[stream]?.on("data", () => {
      if (pattern.test(text())) done();
    });
  });
}

/** A client's session once it answered `held`; `end` ends it, if the server has not, and waits. */
export async function held(session: ChildProcess, input: string): Promise<{ end(): Promise<void> }> {
  session.stdin?.write(input);
  await told(session, "stdout", /held/);
  const over = new Promise<void>((done) => session.once("close", () => done()));
  return {
    end: () => {
      session.stdin?.end();
      return over;
    },
  };
}

/** Signals it and waits for its end. */
export function stop(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const gone = new Promise<void>((done) => child.once("close", () => done()));
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  child.kill(signal);
  return gone;
}

function textOf(child: ChildProcess, stream: "stdout" | "stderr"): () => string {
  let text = "";
  child[stream]?.setEncoding("utf8").on("data", (piece: string) => {
    text += piece;
  });
  return () => text;
}
