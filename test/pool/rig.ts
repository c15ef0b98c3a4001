import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packArtifact } from "@deploy/artifact";
import { type Report, Secret } from "@deploy/core";
import { openSession } from "@deploy/session";
import { type FleetHost, type SshdFleet, sshdFleet } from "@deploy/testkit/servers";
import { caddyPort, nginxPort, plainPort, startCaddy, startNginx } from "./fronts.ts";
import { port, socketOn, startHaproxy } from "./haproxy.ts";
import type { Front } from "./load.ts";
import { reload, server, startShop } from "./shop.ts";
import { startLoadBalancer } from "./targetGroup.ts";

type Files = Readonly<Record<string, string>>;

/** Four hosts behind two HAProxys, nginx, Caddy and what stands for AWS, and the production code that deploys there. */
export interface Rig {
  readonly fleet: SshdFleet;
  readonly webs: readonly FleetHost[];
  readonly balancers: readonly FleetHost[];
  readonly fronts: Readonly<Record<"haproxy" | "nginx" | "plain" | "caddy" | "aws", readonly Front[]>>;
  /** Where AWS's own answers come from. */
  readonly endpoint: string;
  /** On each of them. */
  readonly socket: string;
  /** A new release; `activate` is added to what reloads it and asks for its health. */
  deploy(activate: Readonly<Record<string, unknown>>, files?: Files): Promise<Report>;
  /** The commit and the files of the last one. */
  deployAgain(activate: Readonly<Record<string, unknown>>): Promise<Report>;
  close(): Promise<void>;
}

export async function openRig(): Promise<Rig> {
  const fleet = await sshdFleet({ hosts: 6 });
  const webs = fleet.hosts.slice(0, 4);
  const balancers = fleet.hosts.slice(4);
  const folder = mkdtempSync(join(tmpdir(), "deploy-pool-"));
  let count = 0;
  let last: Files = {};
  const deploy = (activate?: Readonly<Record<string, unknown>>, files?: Files) => {
    if (files !== undefined) last = { ...files, run: (++count).toString(16) };
    return deployOnce(fleet, mkdtempSync(join(folder, "run-")), activate, last);
  };
  const first = await deploy(undefined, {});
  if (first.result !== "deployed") throw new Error(first.headline);
  await Promise.all(webs.map(startShop));
  await Promise.all(balancers.map((host) => startHaproxy(host, webs)));
  const [one, other] = balancers as [FleetHost, FleetHost];
  const [aws] = await Promise.all([startLoadBalancer(webs), startNginx(one, webs), startCaddy(other, webs)]);
  const front = (name: string, host: FleetHost, at: number) => ({ name, host: host.address, port: at });
  const health = { url: "http://127.0.0.1:8080/up", within: "30s", interval: "100ms" };
  return {
    ...{ fleet, webs, balancers },
    fronts: {
      haproxy: balancers.map((host) => front("HAProxy", host, port)),
      nginx: [front("nginx", one, nginxPort)],
      plain: [front("plain nginx", one, plainPort)],
      caddy: [front("Caddy", other, caddyPort)],
      aws: [aws.front],
    },
    endpoint: aws.api.url,
    socket: balancers.map(socketOn)[0] ?? "",
    deploy: (activate, files = {}) => deploy({ reload: [reload], health, ...activate }, files),
    deployAgain: (activate) => deploy({ reload: [reload], health, ...activate }),
    async close() {
      await Promise.all([fleet.close(), aws.close()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function deployOnce(
  fleet: SshdFleet,
  directory: string,
  activate: unknown,
  files: Files,
): Promise<Report> {
  const root = join(directory, "app");
  const { run = "" } = files;
  const commit = run.repeat(40);
  mkdirSync(root, { recursive: true });
  for (const [name, text] of Object.entries({ "server.mjs": server, ...files })) {
    writeFileSync(join(root, name), text);
  }
  const packed = await packArtifact({
    root,
    exclude: [],
    shared: [],
    time: 1_700_000_000,
    directory,
    commit,
  });
  const hosts = fleet.hosts.slice(0, 4).map(({ address, port, username }) => ({ address, port, username }));
  const config = { app: "shop", "deploy-to": "~/shop", ...(activate === undefined ? {} : { activate }) };
  const session = await openSession({
    configText: JSON.stringify({ ...config, environments: { production: { hosts } } }),
    ...{ configFile: "deploy.yml", overrides: {}, runUrl: "", dryRun: false, events: () => {} },
    connection: { knownHosts: fleet.knownHosts(), privateKey: new Secret(fleet.keys.private) },
    identity: { sessionName: "test", keys: { id: "AKIATEST", secret: new Secret("secret") } },
    signal: new AbortController().signal,
    owner: {
      ...{ id: `org/shop/${run}`, repository: "org/shop", run, attempt: "1" },
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
