import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { spawnTimed } from "../spawn.ts";
import type { Exchange, Peer } from "../types.ts";
import type { World } from "../world.ts";

/**
 * Capistrano 3 with its git plugin: each host keeps a mirror of the repository and makes releases from it. Its net-ssh has
 * no curve25519 without a gem that Debian does not ship: what is nearest to it, by cost, is nistp256.
 */
export function capistranoPeer(world: World): Peer {
  const folder = join(world.work, "cap");
  return {
    name: "Capistrano",
    live: "cap/current",
    exchange: (exchange) => (exchange === "equal" ? "nistp256" : "net-ssh's default"),
    missing: () => (existsSync("/usr/bin/cap") ? undefined : "cap is not installed"),
    async begin(exchange: Exchange) {
      mkdirSync(join(folder, "config/deploy"), { recursive: true });
      writeFileSync(join(folder, "Capfile"), capfile);
      writeFileSync(join(folder, "config/deploy.rb"), settings(world, exchange));
      const hosts = world.fleet.hosts.map(
        ({ address }) => `server "${address}", user: "root", roles: %w[app]\n`,
      );
      writeFileSync(join(folder, "config/deploy/production.rb"), hosts.join(""));
    },
    deploy: () =>
      spawnTimed(["cap", "production", "deploy"], folder, { HOME: world.work, LC_ALL: "C.UTF-8" }),
  };
}

const capfile = `require "capistrano/setup"
require "capistrano/deploy"
require "capistrano/scm/git"
install_plugin Capistrano::SCM::Git
`;

const settings = (world: World, exchange: Exchange): string => `set :application, "shop"
set :repo_url, "file://${world.repository}"
set :branch, "main"
set :deploy_to, "/srv/cap"
set :keep_releases, 2
set :format, :dot
set :log_level, :error
set :ssh_options, { keys: ["${world.work}/key"], keys_only: true, config: false, auth_methods: ["publickey"],
  user_known_hosts_file: "${world.work}/known_hosts", verify_host_key: :always${
    exchange === "equal" ? ', kex: ["ecdh-sha2-nistp256"]' : ""
  } }
`;
