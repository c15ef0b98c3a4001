import { execFile, execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import type { FleetHost, SshdFleet } from "@deploy/testkit";

/** A tool that teams come from, as its own guide sets it up: deploys the newest commit of a repository. */
export interface Peer {
  /** Where it deploys to, on every host. */
  readonly folder: string;
  deploy(): Promise<void>;
}

/** A folder of the test, which holds the repository, the key and the tools' own files. */
export interface Desk {
  readonly work: string;
  readonly fleet: SshdFleet;
}

const run = promisify(execFile);
const lay = (folder: string, files: Readonly<Record<string, string>>): void => {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text, { mode: 0o600 });
  }
};

/** Commits `text` as the site's page, where every host can fetch it. */
export function commit({ work, fleet }: Desk, text: string): void {
  lay(work, { "site/index.html": text, key: fleet.keys.private, known_hosts: fleet.knownHosts() });
  const git = (...args: readonly string[]): void => {
    const place = [`--git-dir=${work}/site.git`, `--work-tree=${work}/site`];
    const who = ["-c", "user.name=Test", "-c", "user.email=test@example.com"];
    execFileSync("git", [...place, ...who, ...args], { stdio: "ignore" });
  };
  execFileSync("git", ["init", "-q", "--bare", "-b", "main", join(work, "site.git")], { stdio: "ignore" });
  git("add", "-A");
  git("commit", "-qm", text);
}

/** Capistrano 3 with its git plugin, linked files and folders. */
export function capistrano({ work, fleet }: Desk): Peer {
  const folder = `${fleet.hosts[0]?.srv}/shop`;
  const server = ({ address, username, port }: FleetHost) =>
    `server "${address}", user: "${username}", port: ${port}, roles: %w[app]\n`;
  lay(join(work, "cap"), {
    Capfile:
      'require "capistrano/setup"\nrequire "capistrano/deploy"\nrequire "capistrano/scm/git"\ninstall_plugin Capistrano::SCM::Git\n',
    "config/deploy.rb": `set :application, "shop"
set :repo_url, "file://${work}/site.git"
set :branch, "main"
set :deploy_to, "${folder}"
set :linked_dirs, ["uploads"]
set :linked_files, [".env"]
set :keep_releases, 3
set :format, :dot
set :log_level, :error
set :ssh_options, { keys: ["${work}/key"], keys_only: true, config: false, auth_methods: ["publickey"],
  user_known_hosts_file: "${work}/known_hosts", verify_host_key: :always }
`,
    "config/deploy/production.rb": fleet.hosts.map(server).join(""),
  });
  const env = { PATH: process.env.PATH, HOME: work, LC_ALL: "C.UTF-8" };
  return {
    folder,
    async deploy() {
      await run("cap", ["production", "deploy"], { cwd: join(work, "cap"), env });
    },
  };
}

/** A line of a step, as appleboy/ssh-action runs it: a login by key, and the script. */
export async function overSsh({ work }: Desk, host: FleetHost, script: string): Promise<void> {
  await run("ssh", [...login(work), "-p", String(host.port), placeOf(host), script]);
}

/** As appleboy/scp-action does: one archive to /tmp, unpacked over what is there, and away with it. */
export async function byScp(desk: Desk, host: FleetHost, target: string): Promise<void> {
  const { work } = desk;
  await run("tar", ["-czf", join(work, "files.tar.gz"), "-C", join(work, "site"), "."]);
  const archive = `${host.files}/files.tar.gz`;
  await run("scp", [
    ...login(work),
    "-qOP",
    String(host.port),
    join(work, "files.tar.gz"),
    `${placeOf(host)}:${archive}`,
  ]);
  await overSsh(desk, host, `mkdir -p ${target} && tar -xzf ${archive} -C ${target} && rm ${archive}`);
}

const placeOf = ({ username, address }: FleetHost): string => `${username}@${address}`;
const login = (work: string): readonly string[] =>
  [
    "IdentitiesOnly=yes",
    `IdentityFile=${work}/key`,
    `UserKnownHostsFile=${work}/known_hosts`,
    "BatchMode=yes",
  ].flatMap((option) => ["-o", option]);
