import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";

/** Real programs that tests use where they are installed. */
export type Part =
  | "sshd"
  | "ip"
  | "nginx"
  | "haproxy"
  | "caddy"
  | "cap"
  | "jq"
  | "busybox"
  | "act"
  | "actionlint"
  | "zizmor"
  | "shellcheck"
  | "rsync"
  | "curl"
  | "sqlite3"
  | "php"
  | "dash"
  | "bash"
  | "postgres"
  | "pgbouncer"
  | "moto_server"
  | "versitygw"
  | "aws"
  | "s5cmd"
  | "chromium"
  | "age"
  | "mariadbd"
  | "mariadb"
  | "mariadb-dump"
  | "mariadb-install-db"
  | "openssl"
  | "python3"
  | "sudo"
  | "systemctl"
  | "findmnt"
  | "gunicorn"
  | "puma"
  | "rackup"
  | "unicorn"
  | "uwsgi"
  | "apache2"
  | "supervisord"
  | "pm2"
  | "dbus-daemon"
  | "redis-server"
  | "sidekiq"
  | "celery"
  | "django-admin"
  | "rails"
  | "bundle"
  | "composer"
  | "vsftpd"
  | "proftpd"
  | "pure-ftpd"
  | "lftp"
  | "php-fpm8.2"
  | "dpkg-deb"
  | "lintian"
  | "gpgv"
  | "debootstrap"
  | "ansible-playbook";

/** Where this part is installed: PATH, the system folders, Go's, pip's and PostgreSQL's; undefined if nowhere. */
export function pathOfPart(part: Part): string | undefined {
  return folders()
    .map((folder) => join(folder, part))
    .find(isExecutable);
}

/** The parts that cannot be used here. `ip` also asks for root and network namespaces. */
export function listMissingParts(parts: readonly Part[]): Part[] {
  return parts.filter((part) => pathOfPart(part) === undefined || (part === "ip" && !canNamespace()));
}

function folders(): string[] {
  const home = homedir();
  const go = process.env.GOPATH ?? join(home, "go");
  return [
    ...(process.env.PATH ?? "").split(delimiter),
    ...["/usr/local/sbin", "/usr/sbin", "/sbin"],
    ...postgresFolders(),
    ...[process.env.GOBIN ?? join(go, "bin"), join(home, ".local", "bin"), join(home, ".pyenv", "shims")],
    join(home, ".local/lib/ftpd/usr/sbin"),
  ].filter((folder) => folder !== "");
}

/** Debian keeps the server's programs apart, a folder for each version; the newest first. */
function postgresFolders(): string[] {
  const root = "/usr/lib/postgresql";
  const versions = existsSync(root) ? readdirSync(root) : [];
  return versions
    .sort((one, other) => Number(other) - Number(one))
    .map((version) => join(root, version, "bin"));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

let namespaces: boolean | undefined;

function canNamespace(): boolean {
  namespaces ??=
    process.getuid?.() === 0 && spawnSync("unshare", ["-n", "-m", "-p", "-f", "true"]).status === 0;
  return namespaces;
}
