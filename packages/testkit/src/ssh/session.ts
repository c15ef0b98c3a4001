import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import type { ServerChannel, Session } from "ssh2";
import { signalTo } from "../processes.ts";

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/** Where and as what the commands of one server run. */
export interface Shell {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Process groups started and perhaps alive. */
  readonly groups: Set<number>;
}

/** Answers one session's exec requests with `/bin/sh -c`; shells, subsystems and ptys are refused. */
export function serveSession(session: Session, shell: Shell): void {
  const children: Child[] = [];
  session.on("exec", (accept, _reject, info: { command: string }) => {
    children.push(join(startShell(info.command, shell), accept()));
  });
  session.on("signal", (accept, _reject, info: { name: string }) => {
    accept?.();
    for (const child of children) signalTo(-(child.pid ?? 0) || 0, `SIG${info.name}` as NodeJS.Signals);
  });
}

function startShell(line: string, shell: Shell): Child {
  const child = spawn("/bin/sh", ["-c", line], {
    cwd: shell.cwd,
    env: { ...shell.env },
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
  });
  const group = child.pid;
  if (group !== undefined) {
    shell.groups.add(group);
    child.once("exit", () => {
      if (!signalTo(-group, 0)) shell.groups.delete(group);
    });
  }
  return child;
}

// As sshd does: the status when the command ends, the end when its last output was read;
// a client that goes away closes the pipes and kills nothing.
function join(child: Child, channel: ServerChannel): Child {
  channel.pipe(child.stdin);
  child.stdin.on("error", () => channel.resume());
  child.stdin.on("close", () => channel.resume());
  child.stdout.pipe(channel, { end: false });
  child.stderr.pipe(channel.stderr, { end: false });
  child.on("error", () => channel.exit(127));
  child.on("exit", (code, signal) => report(channel, code, signal));
  child.on("close", () => channel.end());
  channel.on("error", () => {});
  channel.on("close", () => {
    for (const pipe of [child.stdin, child.stdout, child.stderr]) pipe.destroy();
  });
  return child;
}

function report(channel: ServerChannel, code: number | null, signal: NodeJS.Signals | null): void {
  if (signal === null) channel.exit(code ?? 0);
  else channel.exit(signal.replace(/^SIG/, ""), false, "");
}
