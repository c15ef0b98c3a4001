import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Host } from "@deploy/core";
import { hostAt } from "../host.ts";
import { descendantsOf, signalTo } from "../processes.ts";
import { type Ran, run } from "../run.ts";
import { type KeyPair, knownHostsLine } from "../ssh/keys.ts";
import { type Started, startProcess } from "../started.ts";
import type { Ground } from "./ground.ts";
import { type SshdConfig, writeHostKey, writeSshd } from "./sshd.ts";

export interface FleetHost extends Host {
  readonly host: Host;
  /** The host's own folder for apps (/srv, or HOME without namespaces), as the test sees it. */
  readonly root: string;
  /** The same folder as the host sees it. */
  readonly srv: string;
  readonly home: string;
  /** A folder that test and host see under this same path, outside of `root`. */
  readonly files: string;
  /** Pins the key of the last start or `rekey`. */
  knownHostsLine(): string;
  /** Runs a program on the host, not through ssh. */
  exec(argv: readonly string[], input?: string): Promise<Ran>;
  /** A background process on the host, ended by the fleet's `close`. */
  start(argv: readonly string[], env?: Readonly<Record<string, string>>): Promise<Started>;
  /** Ends sshd and its connections: connecting is refused. Apps go on. */
  stop(): Promise<void>;
  /** Starts sshd again. */
  restart(): Promise<void>;
  /** Gives the host another key, as a reinstalled (or false) host has; returns its known_hosts line. */
  rekey(): Promise<string>;
  /** What sshd said. */
  log(): string;
  close(): Promise<void>;
}

export type FleetHostOptions = Omit<SshdConfig, "home"> & { readonly username: string };

/** Starts an sshd on this ground. */
export async function openHost(options: FleetHostOptions, ground: Ground): Promise<FleetHost> {
  const { directory, address, port } = options;
  const host = hostAt(address, port, options.username);
  const files = join(directory, "files");
  mkdirSync(files, { recursive: true });
  let key: KeyPair = writeHostKey(directory);
  let [sshd, log]: [Started | undefined, string] = [undefined, ""];

  const start = (argv: readonly string[], env: Readonly<Record<string, string>> = {}) =>
    startInside(ground, argv, { ...ground.env, ...env });
  const restart = async () => {
    const argv = writeSshd({ ...options, home: ground.home });
    sshd = await startProcess(ground.enter(argv), { env: ground.env });
    await sshd.until(/Server listening/);
  };
  const stop = async () => {
    if (sshd === undefined) return;
    for (const pid of [...descendantsOf(sshd.pid), sshd.pid]) signalTo(pid, "SIGKILL");
    await sshd.stop();
    [log, sshd] = [log + sshd.output(), undefined];
  };
  const knownHosts = () => knownHostsLine(address, port, key.public);
  await restart();

  return {
    ...host,
    host,
    root: ground.root,
    srv: ground.srv,
    home: ground.home,
    files,
    knownHostsLine: knownHosts,
    exec: (argv, input) => run(ground.enter(argv), { ...ground.env }, input),
    start,
    stop,
    restart,
    rekey: async () => {
      await stop();
      key = writeHostKey(directory);
      await restart();
      return knownHosts();
    },
    log: () => log + (sshd?.output() ?? ""),
    close: async () => {
      await stop();
      await ground.close();
    },
  };
}

// The pid that counts is the host's own, so the process says it first; the same for its end.
async function startInside(
  ground: Ground,
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Started> {
  const started = await startProcess(ground.enter(["sh", "-c", 'echo "$$"; exec "$@"', "sh", ...argv]), {
    env,
  });
  const [, pid] = await started.until(/^(\d+)\n/);
  return {
    ...started,
    pid: Number(pid),
    stop: async (signal = "SIGKILL") => {
      await run(ground.enter(["kill", "-s", signal.replace(/^SIG/, ""), String(pid)]), { ...ground.env });
      await started.ended;
    },
  };
}
