import { spawn } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseConfig, type ReachedHost, type Remark } from "@deploy/core";
import { hostRemarks, questionsFor, wantedVersions } from "@deploy/core/doctor";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { examine } from "../../src/index.ts";
import { makeHost, type Shell, type TestHost } from "../host.ts";
import { releaseA, releaseB } from "../scenario.ts";

/** A host as it should be. Root is asked for no password and sees no sudo, so that it is somebody else. */
const programs: Readonly<Record<string, string>> = {
  id: "case $1 in -u) echo 1000 ;; *) echo deploy ;; esac",
  // No machine has one.
  shopctl: "exit 0",
  npm: "echo http://registry.example/",
  node: "echo v20.11.0",
  curl: "exit 0",
  "systemd-detect-virt": "exit 1",
  timedatectl: "echo yes",
  sudo: 'echo "    (root) NOPASSWD: /usr/bin/systemctl reload shop, $(command -v systemctl) reload shop, /usr/bin/systemctl restart shop.service"',
  systemctl:
    'case "$*" in *LoadState*) echo loaded ;; *ActiveState*) echo active ;; *NeedDaemonReload*) echo no ;; cat*) echo "[Unit]" ;; esac',
};

const configText = (host: TestHost) => `
app: shop
deploy-to: ${host.base}
shared: { files: [.env] }
prepare: [npm ci, shopctl build]
activate:
  reload: [sudo systemctl reload shop]
  service: { kind: systemd, unit: shop.service }
environments: { production: { hosts: [deploy@web1] } }
`;

interface Fault {
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

const faults: readonly Fault[] = [
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
    make: instead("curl", "exit 6"),
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

/** Of this machine, which others use, too: told where a row is about it, and nowhere else. */
const ofTheMachine = /^\w+ web1 (upgrades|memory|open files|logout)/;

export function examineSuite(shell: Shell): void {
  describe(`doctor on ${shell.name}`, () => {
    let host: TestHost;
    let good: readonly Remark[];
    beforeAll(async () => {
      host = makeHost(shell);
      chmodSync(host.home, 0o755);
      for (const [name, text] of Object.entries(programs)) host.program(name, text);
      for (const folder of [`releases/${releaseA}`, "shared"])
        mkdirSync(join(host.base, folder), { recursive: true, mode: 0o755 });
      symlinkSync(`releases/${releaseA}`, join(host.base, "current"));
      writeFileSync(join(host.base, "shared/.env"), "KEY=1\n", { mode: 0o600 });
      good = await look(host);
    });
    afterAll(() => host.remove());

    test("a host as it should be has nothing to mend", () => {
      expect(good.map(lineOf).filter((line) => !/^ok /.test(line) && !ofTheMachine.test(line))).toEqual([]);
    });

    test("what a shell prints before the answer is told, and is none of it", async () => {
      const command = examine({ base: host.base, checks: [] });
      const result = await host.exec(command);
      if (result.status !== "exited") throw new Error(result.status);
      const noisy = command.parse({ ...result, stdout: `Welcome to web1!\n${result.stdout}` });
      expect([command.parse(result).noisy, noisy]).toEqual([
        false,
        { ...command.parse(result), noisy: true },
      ]);
    });

    test.each(faults)("$told", async ({ told, fix, make }) => {
      const mend = make(host);
      const remarks = await look(host);
      mend?.();
      const plain = (text: string) =>
        text
          .replaceAll(host.base, "BASE")
          .replaceAll(host.home, "HOME")
          .replace(/\S*\/systemctl reload/, "SYSTEMCTL reload")
          .replace(/(?<=^kill |: process )\d+/, "PID");
      const about = told.replace(/^\w+ (web1 [^:]*):.*/, "$1");
      const isThis = (line: string) => line.includes(` ${about}: `);
      const lines = remarks.map((remark) => plain(lineOf(remark)));
      const mends = remarks.filter((remark) => isThis(lineOf(remark))).map((remark) => remark.fix);
      // All other lines are as they were.
      const others = (all: readonly string[]) =>
        all.filter((line) => !isThis(line) && !ofTheMachine.test(line));
      expect(others(lines)).toEqual(others(good.map((remark) => plain(lineOf(remark)))));
      expect(lines.filter(isThis)).toEqual([told]);
      expect(mends.map((text) => (text === undefined ? undefined : plain(text)))).toEqual([fix]);
    });
  });
}

const lineOf = ({ level, host, about, text }: Remark) => `${level} ${host} ${about}: ${text}`;

async function look(host: TestHost): Promise<readonly Remark[]> {
  const config = parseConfig(configText(host), { file: "deploy.yml" });
  const questions = questionsFor({
    config,
    host: "web1",
    missing: [],
    wanted: wantedVersions({ ".nvmrc": "v20\n" }),
  });
  const examined = await host.ask(examine({ base: host.base, checks: questions.map(({ run }) => run) }));
  const facts = {
    ...{ host: "web1", reached: true, user: "deploy", freeBytes: 9e9, freeInodes: 1e6, releases: [] },
    ...{ writable: true, missingShared: [], tools: { tar: true, sha256sum: true } },
    current: { kind: "release", release: releaseA },
  } as unknown as ReachedHost;
  return hostRemarks({ facts, examined }, { deployTo: host.base, questions, keep: 5, prepares: true });
}
