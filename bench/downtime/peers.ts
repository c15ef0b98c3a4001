import { execFile, execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Rig } from "../../test/pool/rig.ts";
import { server } from "../../test/pool/shop.ts";

const run = promisify(execFile);

/** The same application, brought by others: a repository for Capistrano, a folder for a script. */
export interface Ground {
  readonly rig: Rig;
  readonly work: string;
}

/** A commit that every host can fetch. */
export function commit({ work }: Ground, number: number): void {
  const app = join(work, "app");
  const repository = join(work, "app.git");
  mkdirSync(app, { recursive: true });
  writeFileSync(join(app, "server.mjs"), server);
  writeFileSync(join(app, "run"), String(number));
  const git = (...args: string[]) =>
    execFileSync("git", [`--git-dir=${repository}`, `--work-tree=${app}`, ...args], { stdio: "ignore" });
  if (number === 0) execFileSync("git", ["init", "-q", "--bare", "-b", "main", repository]);
  git("add", "-A");
  git("-c", "user.name=bench", "-c", "user.email=bench@localhost", "commit", "-qm", String(number));
}

/** Capistrano 3 with its git plugin, and a restart after publishing: of all at once, as `on roles` does unless told, or one after the other. */
export async function capistrano({ rig, work }: Ground, order: "parallel" | "sequence"): Promise<void> {
  const folder = join(work, "cap");
  mkdirSync(join(folder, "config/deploy"), { recursive: true });
  writeFileSync(join(folder, "Capfile"), capfile);
  writeFileSync(join(folder, "config/deploy.rb"), settings(work, order));
  const servers = rig.webs.map(
    ({ address, port, username }) =>
      `server "${address}", user: "${username}", port: ${port}, roles: %w[app]\n`,
  );
  writeFileSync(join(folder, "config/deploy/production.rb"), servers.join(""));
  const env = { PATH: process.env.PATH, HOME: work, LC_ALL: "C.UTF-8" };
  await run("cap", ["production", "deploy"], { cwd: folder, env });
}

const capfile = `require "capistrano/setup"
require "capistrano/deploy"
require "capistrano/scm/git"
install_plugin Capistrano::SCM::Git
`;

const settings = (work: string, order: "parallel" | "sequence"): string => `set :application, "shop"
set :repo_url, "file://${work}/app.git"
set :branch, "main"
set :deploy_to, "/srv/cap"
set :keep_releases, 5
set :format, :dot
set :log_level, :error
set :ssh_options, { keys: ["${work}/key"], keys_only: true, config: false, auth_methods: ["publickey"],
  user_known_hosts_file: "${work}/known_hosts", verify_host_key: :always }
namespace :deploy do
  task(:restart) { on(roles(:app), in: :${order}) { execute "sh ~/restart.sh /srv/cap" } }
  after :publishing, :restart
end
`;

/** What people write first: for each host, copy, move the link, restart. */
export async function script({ rig, work }: Ground, number: number): Promise<void> {
  for (const { address, port, username } of rig.webs) {
    const ssh = [
      "-i",
      `${work}/key`,
      "-o",
      `UserKnownHostsFile=${work}/known_hosts`,
      "-o",
      "IdentitiesOnly=yes",
    ];
    const folder = `/srv/naive/releases/${number}`;
    const remote = `mkdir -p ${folder} && tar -x -C ${folder} && ln -sfn ${folder} /srv/naive/current && sh ~/restart.sh /srv/naive`;
    await run("sh", [
      "-c",
      `tar -c -C "$0" . | ssh "$@"`,
      join(work, "app"),
      ...ssh,
      "-p",
      `${port}`,
      `${username}@${address}`,
      remote,
    ]);
  }
}
