import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What a version of the shop differs in. */
export interface Version {
  readonly version: string;
  /** Settings that `shared/.env` must have, or `/up` answers 503. */
  readonly needs: readonly string[];
  readonly migration: { readonly name: string; readonly sql: string };
}

/** The shop's source, a real git repository where git is there. */
export interface Repository {
  readonly folder: string;
  readonly config: string;
  /** Writes and commits a version; gives the arguments that name the commit where git cannot. */
  commit(version: Version): readonly string[];
}

export function openRepository(folder: string, hosts: readonly string[]): Repository {
  cpSync(join(import.meta.dirname, "app"), join(folder), { recursive: true });
  const config = configText(hosts);
  mkdirSync(join(folder, ".github"));
  writeFileSync(join(folder, ".github", "deploy.yml"), config);
  const git = hasGit();
  if (git) run(folder, ["init", "--quiet", "--initial-branch=main"]);
  return {
    folder,
    config,
    commit(version) {
      const { migration, ...settings } = version;
      writeFileSync(join(folder, "settings.json"), `${JSON.stringify(settings)}\n`);
      writeFileSync(join(folder, "migrations", migration.name), `${migration.sql}\n`);
      if (!git) return ["--commit", createHash("sha1").update(version.version).digest("hex")];
      run(folder, ["add", "--all"]);
      run(folder, ["commit", "--quiet", "--message", `Version ${version.version}`]);
      return [];
    },
  };
}

function configText(hosts: readonly string[]): string {
  return `app: shop
deploy-to: ~/shop
exclude: [/.github]
shared: { directories: [uploads], files: [.env] }
prepare: [node install.mjs]
backup: { database: command, run: node dump.mjs, verify: node verify.mjs, keep: 3 }
migrate: node migrate.mjs
activate:
  reload: ['kill -HUP "$(cat ~/supervisor.pid)"']
  health: { url: "http://127.0.0.1:8080/up", within: 10s, interval: 100ms }
environments:
  production:
    hosts:
${hosts.map((host) => `      - ${host}\n`).join("")}`;
}

/** Nobody's git settings take part: no hooks, no signing, no name of yours in the demo's commits. */
function run(folder: string, args: readonly string[]): void {
  const settings = [
    "user.name=Demo",
    "user.email=demo@example.com",
    "commit.gpgsign=false",
    "core.hooksPath=/dev/null",
  ];
  execFileSync("git", [...settings.flatMap((setting) => ["-c", setting]), ...args], {
    cwd: folder,
    env: { ...process.env, ...gitIsolation },
    stdio: ["ignore", "ignore", "inherit"],
  });
}

export const gitIsolation = { GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" };

/** True where git answers; without it the demo names its commits itself. */
function hasGit(): boolean {
  try {
    execFileSync("git", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
