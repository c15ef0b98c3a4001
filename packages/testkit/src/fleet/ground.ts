import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { markedProcesses, marker, signalTo } from "../processes.ts";

/** Where a host's processes run: namespaces of its own, or plainly here with another HOME. */
export interface Ground {
  /** The command that runs `argv` on the host. */
  enter(argv: readonly string[]): string[];
  /** The environment of what is started there. */
  readonly env: Readonly<Record<string, string>>;
  readonly home: string;
  /** The host's own folder for apps, as the host sees it and as the test sees it. */
  readonly srv: string;
  readonly root: string;
  /** Ends everything that runs on the host. */
  close(): Promise<void>;
}

export interface GroundOptions {
  readonly directory: string;
  readonly mark: string;
  /** Size of a memory file system on /srv. */
  readonly tmpfs?: string;
  /** Login shell of root; /bin/sh unless told. */
  readonly shell?: string;
}

/** Processes here, under the current user; everything the host starts carries its mark. */
export function openLoopback(options: GroundOptions): Ground {
  const home = join(options.directory, "home");
  mkdirSync(home, { recursive: true });
  return {
    enter: (argv) => [...argv],
    env: { ...hostEnv(home, userInfo().username), [marker]: options.mark },
    home,
    srv: home,
    root: home,
    close: async () => {
      for (const pid of markedProcesses(options.mark)) signalTo(pid, "SIGKILL");
    },
  };
}

/**
 * Mount, network and process namespaces: /srv and root's home are the host's own, and its first process
 * takes all others with it, also when the test dies. Needs root.
 */
export async function openNamespaces(options: GroundOptions, network: string): Promise<Ground> {
  const { directory, mark, tmpfs, shell = "/bin/sh" } = options;
  const [home, srv, passwd] = ["home", "srv", "passwd"].map((name) => join(directory, name)) as [
    string,
    string,
    string,
  ];
  for (const folder of [home, srv]) mkdirSync(folder, { recursive: true });
  writeFileSync(passwd, passwdWith(readFileSync("/etc/passwd", "utf8"), home, shell));
  const first = spawn(
    "setpriv",
    [
      ...["--pdeathsig", "KILL", "ip", "netns", "exec", network],
      ...["unshare", "-m", "-p", "-f", "--mount-proc", "--kill-child", "sh", "-c", firstProcess],
      ...["sh", srv, passwd, tmpfs ?? ""],
    ],
    { stdio: ["ignore", "pipe", "inherit"], env: { ...process.env, [marker]: mark } },
  );
  const ended = new Promise<void>((done) => first.once("close", () => done()));
  const close = async () => {
    first.kill("SIGKILL");
    await ended;
  };
  await new Promise<void>((done, fail) => {
    first.stdout.once("data", () => done());
    void ended.then(() => fail(new Error(`the namespaces of ${network} ended before they were ready`)));
  });
  const pid = `${first.pid}`;
  return {
    enter: (argv) => ["nsenter", "-t", pid, "-n", "-m", `--pid=/proc/${pid}/ns/pid_for_children`, ...argv],
    env: { ...hostEnv(home, "root"), [marker]: mark },
    home,
    srv: "/srv",
    root: tmpfs === undefined ? srv : `/proc/${pid}/root/srv`,
    close,
  };
}

// $1 srv, $2 passwd, $3 size of a tmpfs or nothing. The loop reaps orphans, as a host's init does.
const firstProcess = `mount --make-rprivate / && mount --bind "$2" /etc/passwd || exit 1
if [ -n "$3" ]; then mount -t tmpfs -o "size=$3" tmpfs /srv; else mount --bind "$1" /srv; fi || exit 1
echo ready
while :; do sleep 100000; done`;

/** The users of this machine, root with another home and shell. */
export function passwdWith(passwd: string, home: string, shell: string): string {
  return passwd.replace(/^(root:(?:[^:]*:){4}).*$/m, (_, start: string) => `${start}${home}:${shell}`);
}

export function hostEnv(home: string, user: string): Record<string, string> {
  const path = process.env.PATH ?? "/usr/sbin:/usr/bin:/sbin:/bin";
  return { PATH: path, HOME: home, USER: user, LOGNAME: user };
}
