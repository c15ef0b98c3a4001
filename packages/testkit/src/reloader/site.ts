import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { packArtifact } from "@deploy/artifact";
import { type Report, Secret } from "@deploy/core";
import { openSession } from "@deploy/session";
import { type SshdFleet, sshdFleet } from "../fleet/fleet.ts";
import type { FleetHost } from "../fleet/host.ts";
import { type Met, startVisitors } from "./load.ts";
import type { Files, Reloader } from "./subject.ts";

/** What `activate` says; null before a server is there. */
type Activate = Readonly<Record<string, unknown>> | null;

/** A real host with a server on it, and the production code that deploys there. */
export interface Site {
  readonly host: FleetHost;
  /** As the host sees it. */
  readonly deployTo: string;
  /** A release of these files; `activate`: with reload and health, as soon as a server is there. */
  deploy(files: Files, activate?: Activate): Promise<Report>;
  /** People who visit it from now on; ends them, and tells what they met. */
  visitors(): Promise<() => Promise<Met>>;
  /** What this many new connections are told, one after the other; "" where nobody answers. */
  answers(count: number): Promise<readonly string[]>;
  close(): Promise<void>;
}

export async function openSite({ activate: usual, port, systemd, gentle, reads }: Reloader): Promise<Site> {
  const fleet = await sshdFleet({ hosts: [systemd === true ? { systemd } : {}] });
  const folder = mkdtempSync(join(tmpdir(), "deploy-reload-"));
  const [host] = fleet.hosts as readonly [FleetHost];
  const deployTo = `${host.srv}/shop`;
  const at = `http://127.0.0.1:${port}`;
  const url = `${at}/up`;
  const health = { url, within: "5s", interval: "100ms", passes: 3 };
  const ask = 'i=0; while [ "$i" -lt "$1" ]; do curl -s --max-time 5 "$0" || echo; i=$((i + 1)); done';
  let count = 0;
  return {
    ...{ host, deployTo },
    deploy: (files, activate = usual) => {
      const active = activate === null ? {} : { activate: { ...activate, health } };
      const config = { app: "shop", "deploy-to": deployTo, ...active };
      count += 1;
      return deployOnce(fleet, { folder: join(folder, `${count}`), files, config, count });
    },
    visitors: () =>
      startVisitors(host, {
        ...{ url, method: reads === true ? "GET" : "POST", link: `${deployTo}/current` },
        ...(gentle === true ? { long: `${at}/long` } : {}),
      }),
    answers: async (times) => {
      const { stdout } = await host.exec(["sh", "-c", ask, url, `${times}`]);
      return stdout.split("\n").slice(0, times);
    },
    async close() {
      await fleet.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

interface Wanted {
  readonly folder: string;
  readonly files: Files;
  readonly config: Readonly<Record<string, unknown>>;
  readonly count: number;
}

async function deployOnce(fleet: SshdFleet, { folder, files, config, count }: Wanted): Promise<Report> {
  const commit = `${count}`.repeat(40).slice(0, 40);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, "app", path)), { recursive: true });
    writeFileSync(join(folder, "app", path), text);
  }
  const root = join(folder, "app");
  const time = 1_700_000_000;
  const packed = await packArtifact({ root, exclude: [], shared: [], time, directory: folder, commit });
  const hosts = fleet.hosts.map(({ address, port, username }) => ({ address, port, username }));
  const session = await openSession({
    configText: JSON.stringify({ ...config, environments: { production: { hosts } } }),
    ...{ configFile: "deploy.yml", overrides: {}, runUrl: "", dryRun: false, events: () => {} },
    connection: { knownHosts: fleet.knownHosts(), privateKey: new Secret(fleet.keys.private) },
    signal: new AbortController().signal,
    owner: {
      ...{ id: `org/shop/${count}`, repository: "org/shop", run: `${count}`, attempt: "1" },
      ...{ actor: "ann", commit, phase: "deploy" },
    },
  });
  try {
    const plan = session.plan({ kind: "deploy", now: new Date(), commit, artifact: packed.artifact });
    return await session.run({ plan, phases: ["prepare", "data", "activate"], artifact: packed });
  } finally {
    await session.close();
  }
}
