import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type SshdFleet, sshdFleet } from "@deploy/testkit/servers";
import { changeApp, shape, writeApp } from "../tree.ts";
import { farAway } from "./far.ts";
import type { Exchange, Round } from "./types.ts";

/** One fleet of real sshd hosts, the application and a folder for what the tools need. */
export interface World {
  readonly fleet: SshdFleet;
  readonly work: string;
  readonly app: string;
  /** A bare repository of the application, which every host can read. */
  readonly repository: string;
  /** Path of an ssh_config: pinned hosts, our key only. */
  sshConfig(exchange: Exchange): string;
  /** Changes the application (round 0: writes it). */
  next(number: number): Promise<Round>;
  /** Runs a script on every host, not through ssh. */
  everywhere(script: string): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** `rtt`: milliseconds that are put between, for whoever deploys. `room`: MB of each host's disk, which is memory. */
export async function openWorld(hosts: number, rtt = 0, room = Math.ceil(shape.files / 4)): Promise<World> {
  const near = await sshdFleet({
    hosts: Array.from({ length: hosts }, () => ({
      config: ["MaxStartups 200"],
      tmpfs: `${room}m`,
    })),
  });
  const fleet = await farAway(near, rtt);
  const work = mkdtempSync(join(tmpdir(), "deploy-upload-"));
  const [app, repository] = [join(work, "app"), join(work, "app.git")];
  writeFileSync(join(work, "known_hosts"), fleet.knownHosts());
  writeFileSync(join(work, "key"), fleet.keys.private, { mode: 0o600 });
  for (const exchange of ["default", "equal"] as const)
    writeFileSync(join(work, `ssh_${exchange}`), sshConfig(work, exchange));
  const git = (...args: string[]) =>
    execFileSync("git", [`--git-dir=${repository}`, `--work-tree=${app}`, ...args], {
      stdio: ["ignore", "pipe", "ignore"],
    });
  return {
    fleet,
    work,
    app,
    repository,
    sshConfig: (exchange) => join(work, `ssh_${exchange}`),
    async next(number) {
      if (number === 0) {
        await writeApp(app);
        execFileSync("git", ["init", "-q", "--bare", "-b", "main", repository]);
      }
      const changed = number === 0 ? [] : await changeApp(app, number);
      git("add", "-A");
      git("-c", "user.name=bench", "-c", "user.email=bench@localhost", "commit", "-qm", String(number));
      return { number, changed, commit: git("rev-parse", "HEAD").toString().trim() };
    },
    async everywhere(script) {
      const ran = await Promise.all(near.hosts.map((host) => host.exec(["sh", "-c", script])));
      const bad = ran.find(({ code }) => code !== 0);
      if (bad !== undefined) throw new Error(`${script}: ${bad.stderr}`);
      return ran.map(({ stdout }) => stdout.trim());
    },
    async close() {
      await fleet.close();
      rmSync(work, { recursive: true, force: true });
    },
  };
}

function sshConfig(work: string, exchange: Exchange): string {
  return [
    "Host *",
    "  User root",
    `  IdentityFile ${work}/key`,
    "  IdentitiesOnly yes",
    `  UserKnownHostsFile ${work}/known_hosts`,
    "  GlobalKnownHostsFile /dev/null",
    "  StrictHostKeyChecking yes",
    "  BatchMode yes",
    ...(exchange === "equal" ? ["  KexAlgorithms curve25519-sha256"] : []),
    "",
  ].join("\n");
}
