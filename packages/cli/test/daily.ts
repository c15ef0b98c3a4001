import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type FleetHost, type SshdFleet, sshdFleet, until } from "@deploy/testkit";
import { main } from "../src/index.ts";
import { type RecordedOptions, recordedIo } from "./io.ts";
import type { Ran } from "./shop.ts";

/** Two real hosts that serve a release, the first with a systemd of its own, and the desk it was deployed from. */
export interface DailyFleet {
  readonly hosts: readonly [FleetHost, FleetHost];
  readonly folder: string;
  readonly release: string;
  /** Runs a command at that desk. */
  deploy(argv: readonly string[], options?: RecordedOptions): Promise<Ran>;
  /** What the shell on a host says. */
  on(host: FleetHost, line: string): Promise<string>;
  close(): Promise<void>;
}

export async function openDaily(config: object, prepare = "true"): Promise<DailyFleet> {
  const folder = mkdtempSync(join(tmpdir(), "cli-daily-"));
  const fleet: SshdFleet = await sshdFleet({ hosts: [{ systemd: true }, {}] });
  const [first, second] = fleet.hosts;
  if (first === undefined || second === undefined) throw new Error("no hosts");
  const hosts = [first, second] as const;
  mkdirSync(join(folder, ".github"));
  const lines = hosts.map(({ name }, index) => `root@${name} roles=${index === 0 ? "web" : "worker"}`);
  const environments = { production: { hosts: lines } };
  const whole = {
    app: "shop",
    "deploy-to": "/srv/shop",
    exclude: ["/key", "/pins"],
    environments,
    ...config,
  };
  writeFileSync(join(folder, ".github/deploy.yml"), JSON.stringify(whole));
  writeFileSync(join(folder, "page"), "one\n");
  execFileSync("sh", ["-c", prepare], { cwd: folder });
  writeFileSync(join(folder, "pins"), fleet.knownHosts());
  writeFileSync(join(folder, "key"), fleet.keys.private);
  chmodSync(join(folder, "key"), 0o600);
  const login = ["--known-hosts", "pins", "--identity-file", "key"];
  const deploy: DailyFleet["deploy"] = async (argv, options = {}) => {
    const flags = argv.includes("--") ? argv.indexOf("--") : argv.length;
    const io = recordedIo({ cwd: folder, env: { PATH: process.env.PATH, HOME: folder }, ...options });
    const code = await main([...argv.slice(0, flags), ...login, ...argv.slice(flags)], io);
    return { exitCode: code, out: io.out(), err: io.err() };
  };
  for (const { root } of hosts) {
    mkdirSync(join(root, "shop/shared/log"), { recursive: true });
    writeFileSync(join(root, "shop/shared/.env"), "GREETING='hello there'\n", { mode: 0o600 });
  }
  const ran = await deploy(["run", "--yes", "--commit", "1".repeat(40)]);
  if (ran.exitCode !== 0) throw new Error(`${ran.out}${ran.err}`);
  const on: DailyFleet["on"] = async (host, line) => (await host.exec(["sh", "-c", line])).stdout.trim();
  await on(first, "systemd-run --unit speaker sh -c 'echo the unit speaks; exec sleep 600'");
  await until("its journal", async () => (await on(first, "journalctl -u speaker")).includes("speaks"));
  const release = await on(first, "basename $(readlink /srv/shop/current)");
  const close = async () => {
    await fleet.close();
    rmSync(folder, { recursive: true });
  };
  return { hosts, folder, release, deploy, on, close };
}

/** The process that wrote its id there, once it did. */
export async function begunOn({ on }: DailyFleet, host: FleetHost, file: string): Promise<string> {
  let pid = "";
  await until("the command", async () => {
    pid = await on(host, `cat ${file} 2>/dev/null; :`);
    return pid !== "";
  });
  return pid;
}
