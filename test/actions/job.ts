import { mkdirSync, mkdtempSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type SshServer, sshServer, testKeys } from "@deploy/testkit/servers";
import { expect } from "@jest/globals";
import { main } from "../../packages/cli/src/index.ts";
import { recordedIo } from "../../packages/cli/test/io.ts";
import { type Inputs, type Ran, runStep } from "./steps.ts";

/** Two servers for all rows of a suite. */
export interface Fleet {
  readonly servers: readonly [SshServer, SshServer];
  readonly keys: ReturnType<typeof testKeys>;
  /** A job of its own: workspace, temporary folder, and a folder of its own on the first `hosts` servers. */
  job(hosts?: 1 | 2): Job;
  close(): Promise<void>;
}

export interface Job {
  readonly workspace: string;
  /** RUNNER_TEMP of the job that runs now. */
  temporary(): string;
  /** `deploy-to`, on each server. */
  readonly bases: readonly string[];
  /** A file below `deploy-to` on the first server. */
  at(path: string): string;
  /** The known-hosts lines that steps and commands are given. */
  pins(): string;
  pin(lines: string): void;
  /** Writes a file of the checkout. */
  write(path: string, text: string): void;
  /** Writes the config; `hosts` and `deploy-to` are in it. */
  configure(text?: string): void;
  step(action: string, given?: Inputs, env?: Inputs): Promise<Ran>;
  /** As `step`, and it ends well. */
  works(action: string, given?: Inputs): Promise<Ran>;
  /** Upload and activate in a job of their own: gives the release. */
  deploy(given?: Inputs): Promise<string>;
  /** The `deploy` command that a move names, typed on a desk. */
  desk(
    move: string,
    ...more: readonly string[]
  ): Promise<{ readonly exitCode: number; readonly out: string }>;
  /** The steps that follow are of another job. */
  next(): void;
  live(): readonly string[];
}

/** `env`: of the servers' commands. */
export async function openFleet(env: Inputs = {}): Promise<Fleet> {
  const folder = mkdtempSync(join(tmpdir(), "moves-"));
  const keys = testKeys();
  const server = (name: string) => sshServer({ directory: folder, name, authorizedKey: keys.public, env });
  const servers = [await server("web1"), await server("web2")] as const;
  let jobs = 0;
  return {
    servers,
    keys,
    job: (hosts = 1) => openJob(join(folder, `job${++jobs}`), servers.slice(0, hosts), keys.private),
    close: async () => {
      await Promise.all(servers.map((each) => each.close()));
      rmSync(folder, { recursive: true });
    },
  };
}

/** `home`: of the hosts, for `deploy-to`. */
export function openJob(
  folder: string,
  servers: readonly Pick<SshServer, "host" | "root" | "knownHostsLine">[],
  key: string,
  home = "~",
): Job {
  const [workspace, name] = [join(folder, "workspace"), folder.split("/").at(-1) ?? ""];
  let temporary = "";
  const next = (): void => {
    temporary = mkdtempSync(join(folder, "temp-"));
  };
  // Other files are another commit: two releases of one commit and second would have one id.
  let commit = 0x1111;
  const write = (path: string, text: string): void => {
    if (path.startsWith("site/")) commit += 1;
    mkdirSync(join(workspace, path, ".."), { recursive: true });
    writeFileSync(join(workspace, path), text);
  };
  const hosts = servers.map(({ host }) => `${host.username}@${host.address}:${host.port}`);
  const knownHosts = servers.map(({ knownHostsLine }) => `${knownHostsLine}\n`).join("");
  let pins = "";
  const pin = (lines: string): void => {
    pins = lines;
    write("../pins", lines);
  };
  const usual = { "ssh-private-key": key, "lock-wait": "0s", upload: "false" };
  const step: Job["step"] = (action, given = {}, env = {}) =>
    runStep(action, { ...usual, "known-hosts": pins }, given, {
      RUNNER_TEMP: temporary,
      GITHUB_WORKSPACE: workspace,
      GITHUB_REPOSITORY: "org/shop",
      GITHUB_RUN_ID: name,
      GITHUB_RUN_ATTEMPT: "1",
      GITHUB_SHA: commit.toString(16).repeat(10),
      ...env,
    });
  const works: Job["works"] = async (action, given) => {
    const ran = await step(action, given);
    expect([action, ran.exitCode, ran.exitCode === 0 ? "" : ran.log]).toEqual([action, 0, ""]);
    return ran;
  };
  mkdirSync(workspace, { recursive: true });
  next();
  write("site/page", "one\n");
  write("../key", key);
  pin(knownHosts);
  const job: Job = {
    workspace,
    temporary: () => temporary,
    bases: servers.map(({ root }) => join(root, name)),
    at: (path) => join(servers[0]?.root ?? "", name, path),
    pins: () => pins,
    pin,
    write,
    step,
    works,
    next,
    configure(text = "") {
      const list = hosts.map((host) => `"${host}"`).join(", ");
      write(
        ".github/deploy.yml",
        `app: shop\ndeploy-to: ${home}/${name}\nsource: site\n${text}environments:\n  production:\n    hosts: [${list}]\n`,
      );
    },
    async deploy(given = {}) {
      next();
      const { outputs } = await works("upload", given);
      await works("activate", given);
      next();
      return outputs.release ?? "";
    },
    async desk(move, ...more) {
      const words = /deploy ([a-z]+(?: --environment [a-z]+)?)/.exec(move)?.[1]?.split(" ") ?? [];
      const io = recordedIo({ cwd: workspace, env: { PATH: process.env.PATH } });
      const login = words[0] === "backups" ? [] : ["--identity-file", "../key", "--known-hosts", "../pins"];
      return { exitCode: await main([...words, ...login, ...more], io), out: io.out() };
    },
    live: () => job.bases.map((base) => readlinkSync(join(base, "current")).replace("releases/", "")),
  };
  job.configure();
  return job;
}
