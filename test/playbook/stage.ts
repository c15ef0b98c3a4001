import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { main } from "@deploy/cli";
import { type SshdFleet, sshdFleet } from "@deploy/testkit";
import { recordedIo } from "../../packages/cli/test/io.ts";

export interface Stage {
  readonly fleet: SshdFleet;
  write(path: string, text: string): void;
  configure(playbook: unknown, more?: object): void;
  /** The command at a desk. */
  deploy(
    ...args: readonly string[]
  ): Promise<{ readonly code: number; readonly out: string; readonly err: string }>;
  /** A line as root on each host, beside ssh. */
  everywhere(line: string): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** Three hosts with a systemd and an nginx of their own. */
export async function openStage(env: Readonly<Record<string, string>> = {}): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), "deploy-playbook-"));
  const fleet = await sshdFleet({ hosts: [{ systemd: true }, { systemd: true }, { systemd: true }] });
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  write("key", fleet.keys.private);
  chmodSync(join(folder, "key"), 0o600);
  write("pins", fleet.knownHosts());
  let count = 0;
  return {
    fleet,
    write,
    configure(playbook, more = {}) {
      const hosts = fleet.hosts.map(({ address }, index) => ({
        ...{ address, username: "root", name: `web${index + 1}` },
        roles: index === 2 ? ["worker"] : ["web"],
      }));
      const environments = { production: { hosts } };
      const config = {
        app: "shop",
        "deploy-to": "/srv/shop",
        exclude: ["/key", "/pins"],
        playbook,
        ...more,
        environments,
      };
      write(".github/deploy.yml", JSON.stringify(config));
    },
    async deploy(...args) {
      count += 1;
      write("public/page", `${count}\n`);
      const io = recordedIo({ cwd: folder, env: { PATH: process.env.PATH, HOME: folder, ...env } });
      const commit =
        args[0] === "rollback" || args[0] === "inventory" ? [] : ["--commit", `${count}`.padEnd(40, "0")];
      const login = args[0] === "inventory" ? [] : ["--identity-file", "key", "--known-hosts", "pins"];
      const code = await main([...args, ...commit, ...login], io);
      return { code, out: io.out(), err: io.err() };
    },
    async everywhere(line) {
      const ran = await Promise.all(fleet.hosts.map((host) => host.exec(["sh", "-c", line])));
      return ran.map(({ stdout, stderr }) => `${stdout}${stderr}`.trim());
    },
    async close() {
      await fleet.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
