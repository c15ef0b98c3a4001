import { spawn } from "node:child_process";
import { chmodSync, copyFileSync, lutimesSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TestHost } from "../host.ts";
import { releaseB } from "../scenario.ts";

/** A host as it should be. Root is asked for no password and sees no sudo, so that it is somebody else. */
export const programs: Readonly<Record<string, string>> = {
  id: "case $1 in -u) echo 1000 ;; *) echo deploy ;; esac",
  // No machine has one.
  shopctl: "exit 0",
  npm: "echo http://registry.example/",
  node: "echo v20.11.0",
  curl: "exit 0",
  nc: "exit 0",
  // As an app logs in: what its URL has encoded.
  psql: '[ "$PGUSER $PGPASSWORD $PGHOST $PGPORT $PGDATABASE $PGSSLMODE" = "shop s@é 127.0.0.1 5432 shop require" ] || { echo "no: $PGPASSWORD"; exit 2; }',
  chage: "echo 'Account expires : never'",
  "systemd-detect-virt": "exit 1",
  timedatectl: "echo yes",
  sudo: 'echo "    (root) NOPASSWD: /usr/bin/systemctl reload shop, $(command -v systemctl) reload shop, /usr/bin/systemctl restart shop.service"',
  systemctl:
    'case "$*" in *User*) echo deploy ;; *LoadState*) echo loaded ;; *ActiveState*) echo active ;; *NeedDaemonReload*) echo no ;; cat*) echo "[Unit]" ;; esac',
};

export const env = "DATABASE_URL='postgresql://shop:s%40%C3%A9@127.0.0.1:5432/shop?sslmode=require'\n";

export const configText = (host: TestHost, port: number) => `
app: shop
deploy-to: ${host.base}
shared: { files: [.env, db.env], directories: [uploads, later] }
upload: { method: pull, store: "s3://releases", endpoint: "http://store.example/" }
prepare: [npm ci, shopctl build]
migrate: { run: shopctl migrate, env-file: db.env }
activate:
  health: { url: "http://127.0.0.1:${port}/up" }
  reload: [sudo systemctl reload shop]
  service: { kind: systemd, unit: shop.service }
environments: { production: { hosts: [deploy@web1] } }
`;

export interface Fault {
  /** What is not as it should be, and what mends it. */
  readonly told: string;
  readonly fix?: string;
  /** Puts it in; what it gives back takes it out again. */
  make(host: TestHost): (() => void) | undefined;
}

/** A program that does something else. */
const instead = (name: string, text: string) => (host: TestHost) => {
  host.program(name, text);
  return () => host.program(name, programs[name] ?? "exit 0");
};

/** A process of this name in this folder. */
const running = (name: string, folder: (host: TestHost) => string) => (host: TestHost) => {
  const path = join(host.home, name);
  copyFileSync("/usr/bin/sleep", path);
  mkdirSync(folder(host), { recursive: true });
  const child = spawn(path, ["600"], { cwd: folder(host), stdio: "ignore" });
  return () => {
    child.kill("SIGKILL");
    rmSync(path);
  };
};

export const faults: readonly Fault[] = [
  {
    told: "warn web1 programs: shopctl is not there, and commands of the config run it",
    fix: "install shopctl, or let an earlier command of prepare bring it",
    make(host) {
      rmSync(join(host.home, ".bin/shopctl"));
      return () => host.program("shopctl", programs.shopctl ?? "");
    },
  },
  {
    told: "warn web1 programs: shopctl is HOME/.local/bin/shopctl, where ssh commands do not look",
    fix: "sudo ln -s HOME/.local/bin/shopctl /usr/local/bin/",
    make(host) {
      rmSync(join(host.home, ".bin/shopctl"));
      mkdirSync(join(host.home, ".local/bin"), { recursive: true });
      writeFileSync(join(host.home, ".local/bin/shopctl"), "#!/bin/sh\n", { mode: 0o755 });
      return () => {
        rmSync(join(host.home, ".local"), { recursive: true });
        host.program("shopctl", programs.shopctl ?? "");
      };
    },
  },
  {
    told: "warn web1 node: node is 18.2.0, and the repository names 20",
    fix: "install node 20 there",
    make: instead("node", "echo v18.2.0"),
  },
  { told: "unknown web1 node: node does not tell its version", make: instead("node", "exit 127") },
  {
    told: "warn web1 registry of npm: http://registry.example/ does not answer from here: what is not carried over cannot be fetched",
    fix: "curl -v http://registry.example/",
    make: instead("curl", 'case "$*" in *registry*) exit 6 ;; esac'),
  },
  {
    told: "warn web1 store of uploads: http://store.example/ does not answer from here: each release comes through the runner instead",
    fix: "curl -v http://store.example/",
    make: instead("curl", 'case "$*" in *store*) exit 6 ;; esac'),
  },
  {
    told: "warn web1 app's database: 127.0.0.1:5432 does not answer from here: the app cannot reach its database",
    fix: "nc -z -w 5 127.0.0.1 5432",
    make: instead("nc", "exit 1"),
  },
  {
    told: "warn web1 migration: its role may make no table in the schema public",
    make: instead("psql", 'echo "deploy: its role may make no table in the schema public"'),
  },
  {
    told: "warn web1 migration: the app's own login is refused: FATAL: password authentication failed",
    make: instead("psql", 'echo "FATAL: password authentication failed"; exit 2'),
  },
  {
    told: "warn web1 migration: DATABASE_URL leads to port 6432, PgBouncer's: what a migration locks and sets may end up in another's session",
    fix: "let migrate have an env-file with the server's own address",
    make(host) {
      writeFileSync(join(host.base, "shared/db.env"), env.replace("5432", "6432"));
      return () => writeFileSync(join(host.base, "shared/db.env"), env);
    },
  },
  {
    told: "warn web1 proof: process PID on PORT was there before the live release: it serves an older one, or names what it reads when it is asked",
    fix: "read RELEASE once, at start, and let activate.reload or activate.service start it anew",
    make(host) {
      const at = (seconds: number) => lutimesSync(join(host.base, "current"), seconds, seconds);
      at(Date.now() / 1000 + 3600);
      return () => at(Date.now() / 1000 - 3600);
    },
  },
  {
    told: "warn web1 account: the login or its password ends on Jan 01, 2020: sshd refuses it then, whatever its key",
    fix: "sudo chage -E -1 -M -1 deploy",
    make: instead("chage", "echo 'Password expires\t\t: Jan 01, 2020'; echo 'Account expires : never'"),
  },
  {
    told: "unknown web1 bans: fail2ban is at work, and its settings cannot be read",
    make: running("fail2ban-server", (host) => host.home),
  },
  {
    told: "warn web1 shared folders: app, as whom the app runs, may not write into BASE/shared/uploads",
    fix: "sudo chgrp deploy BASE/shared/uploads && sudo chmod g+ws BASE/shared/uploads",
    make: instead("systemctl", (programs.systemctl ?? "").replace("echo deploy ", "echo app ")),
  },
  {
    told: "stop web1 sudo: sudo asks for a password before SYSTEMCTL reload shop",
    fix: "echo 'deploy ALL=(root) NOPASSWD: SYSTEMCTL reload shop' | sudo tee -a /etc/sudoers.d/deploy",
    make: instead("sudo", "echo '    (root) NOPASSWD: /usr/bin/systemctl restart shop.service'"),
  },
  {
    told: "unknown web1 sudo: rules with patterns: only sudo can say whether SYSTEMCTL reload shop is among them",
    make: instead(
      "sudo",
      "echo '    (root) NOPASSWD: /usr/bin/systemctl restart shop.service, /usr/bin/systemctl reload *'",
    ),
  },
  {
    told: "stop web1 shop.service: there is no unit shop.service",
    fix: "look at it there: systemctl status shop.service",
    make: instead("systemctl", (programs.systemctl ?? "").replace("echo loaded", "echo not-found")),
  },
  {
    told: "warn web1 unit shop.service: shop.service was changed, and systemd has not read it",
    fix: "sudo systemctl daemon-reload",
    make: instead("systemctl", (programs.systemctl ?? "").replace("echo no ", "echo yes ")),
  },
  {
    told: "warn web1 time: nothing keeps the clock right",
    fix: "sudo timedatectl set-ntp true",
    make: instead("timedatectl", "echo no"),
  },
  {
    told: "unknown web1 shared/.env: it is empty: whether the app needs something in it, nobody can tell",
    make(host) {
      writeFileSync(join(host.base, "shared/.env"), "");
      return () => writeFileSync(join(host.base, "shared/.env"), "KEY=1\n");
    },
  },
  {
    told: "warn web1 debug: shared/.env sets APP_DEBUG, NODE_ENV as for a desk: visitors may be shown the code",
    fix: "deploy env set APP_DEBUG=… , and let the app read it again",
    make(host) {
      writeFileSync(join(host.base, "shared/.env"), "APP_DEBUG=true\nexport NODE_ENV=development\n");
      return () => writeFileSync(join(host.base, "shared/.env"), "KEY=1\n");
    },
  },
  {
    told: "warn web1 secrets: everybody on the server may read shared/.env",
    fix: "chmod 600 BASE/shared/.env",
    make(host) {
      chmodSync(join(host.base, "shared/.env"), 0o644);
      return () => chmodSync(join(host.base, "shared/.env"), 0o600);
    },
  },
  {
    told: "warn web1 folders: BASE/releases lets only its owner in: nginx, who is neither, cannot read below it",
    fix: "chmod o+x BASE/releases",
    make(host) {
      chmodSync(join(host.base, "releases"), 0o700);
      return () => chmodSync(join(host.base, "releases"), 0o755);
    },
  },
  {
    told: `warn web1 processes: process PID still runs in ${releaseB}: no deploy will reach it`,
    fix: "kill PID",
    make: running("worker", (host) => join(host.base, "releases", releaseB)),
  },
  {
    told: "warn web1 upgrades: apt-get is at work: it may start services again in the middle of a deploy",
    fix: "wait for it: ps -C apt-get",
    make: running("apt-get", (host) => host.home),
  },
];
