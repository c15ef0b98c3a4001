import { execFile } from "node:child_process";
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Report } from "@deploy/core";
import { type FleetHost, type SshdFleet, sshdFleet } from "@deploy/testkit";
import { root } from "../../../scripts/lib/root.ts";
import { giveInternet } from "./internet.ts";

const execute = promisify(execFile);
const cli = join(root, "packages/cli/src/main.ts");
const domain = "shop.example.com";

/** A person with an empty folder, and a bare Debian whose root lets them in. */
export interface Newcomer {
  readonly host: FleetHost;
  /** A line of the desk's terminal, in the folder of the app; what it printed. Rejects unless it exits with 0. */
  type(line: string): Promise<string>;
  /** All that is typed from a repository with a skeleton in it to its first release; nothing is edited. */
  begin(stack: string, ...more: readonly string[]): Promise<Report>;
  /** What a visitor gets who typed the domain. */
  page(path?: string): Promise<string>;
  /** A line of the server's own shell, as root. */
  onServer(line: string): Promise<string>;
  close(): Promise<void>;
}

/** `pam`: as Debian has it; without, sshd itself says whose account is locked. */
export async function newcomer({ pam = true } = {}): Promise<Newcomer> {
  const home = mkdtempSync(join(tmpdir(), "deploy-newcomer-"));
  mkdirSync(join(home, "shop"));
  // As Debian has it: everybody by the keys of their own home folder.
  const config = [
    `UsePAM ${pam ? "yes" : "no"}`,
    "StrictModes yes",
    "AuthorizedKeysFile .ssh/authorized_keys",
    "SetEnv LANG=C",
  ];
  const fleet = await sshdFleet({ hosts: [{ systemd: true, config }] });
  const host = fleet.hosts[0] as FleetHost;
  const unplug = await giveInternet(host, fleet.gateway);
  // A machine that has booted lets people in.
  await host.exec(["systemctl", "start", "systemd-user-sessions"]);
  letIn(fleet, host, home);
  const type = terminal(home);
  return {
    host,
    type,
    begin: (stack, ...more) => begin(type, stack, [...start(host.address), ...more]),
    page: (path = "/") => type(`curl -fsS -H 'Host: ${domain}' http://${host.address}${path}`),
    onServer: (line) => type(`ssh root@${host.address} "${line}"`),
    async close() {
      unplug();
      await fleet.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** Root's own key to the server, which somebody has before they hear of us. */
function letIn({ keys }: SshdFleet, host: FleetHost, home: string): void {
  mkdirSync(join(host.home, ".ssh"), { mode: 0o700 });
  writeFileSync(join(host.home, ".ssh/authorized_keys"), keys.public, { mode: 0o600 });
  writeFileSync(join(home, "root"), keys.private, { mode: 0o600 });
}

/** A shell whose `deploy` is ours, whose `ssh` has root's key, and whose home is this folder. */
function terminal(home: string): Newcomer["type"] {
  const functions = `deploy() { ${process.execPath} --disable-warning=ExperimentalWarning ${cli} "$@"; }
ssh() { command ssh -i ~/root -o UserKnownHostsFile=known_hosts.deploy "$@"; }
git() { command git -c user.name=Ada -c user.email=ada@example.com "$@"; }
`;
  const env = { ...process.env, HOME: home, npm_config_yes: "true", npm_config_cache: join(home, ".npm") };
  return async (line) => {
    const ran = execute("bash", ["-ec", functions + line], {
      cwd: join(home, "shop"),
      env,
      maxBuffer: 1 << 26,
    });
    ran.child.stdin?.end();
    try {
      return (await ran).stdout;
    } catch (error) {
      const { stdout, stderr } = error as { stdout: string; stderr: string };
      throw new Error(`$ ${line}\n${stdout}\n${stderr}`, { cause: error });
    }
  };
}

/** As the guide "Your first deploy" has them. */
const start = (address: string): readonly string[] => [
  `deploy init --hosts deploy@${address} --domain ${domain} --keys`,
  `deploy init --server --key ~/.ssh/deploy-shop.pub --domain ${domain} > prepare-server.sh`,
  `ssh root@${address} sh < prepare-server.sh`,
  "git add -A && git commit -qm 'Deploy it'",
];
/** What the commands that log in are told. */
export const login = "--identity-file ~/.ssh/deploy-shop --known-hosts known_hosts.deploy";

async function begin(type: Newcomer["type"], stack: string, lines: readonly string[]): Promise<Report> {
  const before = performance.now();
  for (const line of lines) await type(line);
  const report = JSON.parse(await type("deploy run --yes --json")) as Report;
  const all = performance.now() - before;
  // What the servers' own programs took: npm, pip, migrations.
  const theirs = report.hosts
    .flatMap(({ outcomes }) => outcomes.filter(({ step }) => ["prepare", "migrate"].includes(step)))
    .reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  tell([stack, lines.length + 1, all, all - theirs]);
  return report;
}

/** For `npm run test:newcomer`, which makes a table of it. */
function tell(row: readonly unknown[]): void {
  const { DEPLOY_NEWCOMERS: file } = process.env;
  if (file !== undefined) appendFileSync(file, `${JSON.stringify(row)}\n`);
}
