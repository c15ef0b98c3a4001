import { execFileSync, spawn } from "node:child_process";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DeployError } from "@deploy/core";
import { type ExecResult, type RemoteCommand, render } from "../src/index.ts";

/** A shell with the programs it finds: what a host is to a script. */
export interface Shell {
  readonly name: string;
  /** The shell that `sh` is. */
  readonly sh: string;
  readonly busybox?: boolean;
  /** Programs that this host does not have. */
  readonly without?: readonly string[];
  /** Programs that come from elsewhere, by name. */
  readonly programs?: Readonly<Record<string, string>>;
}

/** A host: a temporary home folder and a PATH. */
export interface TestHost {
  readonly shell: Shell;
  readonly home: string;
  readonly base: string;
  readonly env: NodeJS.ProcessEnv;
  /** stdin stays open until `end` resolves; without one it ends with the input. */
  exec(command: RemoteCommand<unknown>, input?: Uint8Array, end?: Promise<unknown>): Promise<ExecResult>;
  /** Runs and parses. */
  ask<T>(command: RemoteCommand<T>, input?: Uint8Array): Promise<T>;
  /** The problem it throws, as [code, message]. */
  refused(command: RemoteCommand<unknown>, input?: Uint8Array): Promise<readonly [string, string]>;
  /** Puts a program of the test's own, in sh, before the host's. */
  program(name: string, text: string): void;
  /** Whether a program was on its PATH when it was made. */
  has(program: string): boolean;
  remove(): void;
}

export const binSh: Shell = { name: "/bin/sh", sh: "/bin/sh" };

export function makeHost(shell: Shell, login = "/bin/sh"): TestHost {
  const home = realpathSync(mkdtempSync(join(tmpdir(), "remote-")));
  const bin = join(home, ".bin");
  mkdirSync(bin);
  fillBin(shell, bin);
  const plain = shell.busybox === true || shell.without !== undefined;
  const env = { HOME: home, PATH: plain ? bin : `${bin}:/usr/bin:/bin`, LANG: "C.UTF-8" };
  const exec = (command: RemoteCommand<unknown>, payload?: Uint8Array, end?: Promise<unknown>) => {
    const { line, input } = render(command);
    const sent = payload === undefined ? input : Buffer.concat([input, payload]);
    return runLine(login, line, { sent, end }, env, home);
  };
  const ask = async <T>(command: RemoteCommand<T>, payload?: Uint8Array): Promise<T> => {
    const result = await exec(command, payload);
    if (result.status !== "exited") throw new Error(`not ended: ${result.status}`);
    return command.parse(result);
  };
  const refused = async (command: RemoteCommand<unknown>, payload?: Uint8Array) => {
    const problem = await ask(command, payload).then(
      (answer) => ({ code: "ok", message: JSON.stringify(answer) }),
      (error: DeployError) => error.problem ?? { code: "thrown", message: String(error) },
    );
    return [problem.code, problem.message] as const;
  };
  const remove = () => rmSync(home, { recursive: true, force: true });
  const folders = env.PATH.split(":");
  const programs = new Set(folders.flatMap((folder) => readdirSync(folder)));
  const has = (program: string) => programs.has(program);
  const program = (name: string, text: string) => {
    rmSync(join(bin, name), { force: true });
    writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  };
  return { shell, home, base: join(home, "shop"), env, exec, ask, refused, program, has, remove };
}

function fillBin(shell: Shell, bin: string): void {
  for (const [name, path] of Object.entries(shell.programs ?? {})) symlinkSync(path, join(bin, name));
  const missing = new Set(shell.without ?? []);
  if (shell.busybox === true) {
    // Builds differ in what they hold (Debian's has no flock): only what is there counts.
    const built = new Set(execFileSync(shell.sh, ["--list"], { encoding: "utf8" }).split("\n"));
    for (const name of applets)
      if (built.has(name) && !missing.has(name)) symlinkSync(shell.sh, join(bin, name));
    if (!missing.has("sqlite3") && existsSync("/usr/bin/sqlite3"))
      symlinkSync("/usr/bin/sqlite3", join(bin, "sqlite3"));
    return;
  }
  if (shell.without !== undefined) {
    for (const name of [...applets, "sqlite3"]) {
      const path = [`/usr/bin/${name}`, `/bin/${name}`].find((found) => existsSync(found));
      if (name !== "sh" && path !== undefined && !missing.has(name)) symlinkSync(path, join(bin, name));
    }
  }
  symlinkSync(shell.sh, join(bin, "sh"));
}

const applets =
  "ash awk base64 cat chmod cmp cp cut date dd df diff dirname env false find flock grep gzip head hexdump id kill ln ls md5sum mkdir mktemp mv od printf pwd readlink rm rmdir sed setsid sh sha256sum sleep sort stat sync tail tar test timeout touch tr true wc which xargs".split(
    " ",
  );

function runLine(
  login: string,
  line: string,
  { sent, end }: { readonly sent: Uint8Array; readonly end: Promise<unknown> | undefined },
  env: NodeJS.ProcessEnv,
  cwd: string,
): Promise<ExecResult> {
  return new Promise((resolve) => {
    const child = spawn(login, ["-c", line], { env, cwd, stdio: "pipe" });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on("data", (bytes: Buffer) => out.push(bytes));
    child.stderr.on("data", (bytes: Buffer) => err.push(bytes));
    child.stdin.on("error", () => undefined); // a script that refuses early does not read its payload
    child.stdin.write(sent);
    if (end === undefined) child.stdin.end();
    else void end.then(() => child.stdin.end());
    child.on("close", (code, signal) => {
      const text = {
        stdout: Buffer.concat(out).toString(),
        stderr: Buffer.concat(err).toString(),
        dropped: 0,
      };
      resolve(
        code === null
          ? { status: "signalled", signal: signal ?? "", ...text }
          : { status: "exited", code, ...text },
      );
    });
  });
}

/** Every path below `root` with its mode, and content or target: two equal trees were not written to. */
export function treeOf(root: string, skip: readonly string[] = []): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  const visit = (at: string) => {
    const path = join(root, at);
    const stat = lstatSync(path);
    const mode = (stat.mode & 0o7777).toString(8);
    if (stat.isSymbolicLink()) found[at] = `-> ${readlinkSync(path)}`;
    else if (stat.isDirectory()) {
      found[at] = `${mode}/`;
      for (const name of readdirSync(path)) if (!skip.includes(name)) visit(join(at, name));
    } else found[at] = stat.isFile() ? `${mode} ${readFileSync(path, "latin1")}` : `${mode} special`;
  };
  visit(".");
  return found;
}
