import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { packArtifact } from "@deploy/artifact";
import { type Host, type Report, Secret } from "@deploy/core";
import { openSession, type Session } from "@deploy/session";
import { type FleetHost, type SshdFleet, type SshdFleetOptions, sshdFleet, startApp } from "@deploy/testkit";
import { type Connect, loadSshConnector, type Transport } from "@deploy/transport";

/** Three real sshd hosts with an app each, and an application folder to deploy. */
export interface World {
  readonly fleet: SshdFleet;
  write(files: Readonly<Record<string, string>>): void;
  remove(path: string): void;
  session(options?: Settings): Promise<Session>;
  deploy(commit: string, options?: Settings): Promise<Report>;
  /** What each host serves by its own `readlink`. */
  live(): Promise<readonly string[]>;
  /** What the app on each host answers. */
  served(): Promise<readonly string[]>;
  close(): Promise<void>;
}

export interface Settings {
  readonly knownHosts?: string;
  /** Other addresses for some hosts: a proxy in between. */
  readonly through?: ReadonlyMap<number, Pick<Host, "address" | "port">>;
  readonly config?: Readonly<Record<string, unknown>>;
  readonly dryRun?: boolean;
  /** What prepare commands read. */
  readonly reads?: readonly string[];
  /** Cancels the run. */
  readonly signal?: AbortSignal;
  readonly run?: string;
  /** Around every connection. */
  readonly wrap?: (transport: Transport) => Transport;
}

const appPort = 8080;

export async function openWorld(options: SshdFleetOptions): Promise<World> {
  const fleet = await sshdFleet(options);
  const root = mkdtempSync(join(tmpdir(), "deploy-faults-"));
  const write = (files: Readonly<Record<string, string>>): void => {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, "app", path)), { recursive: true });
      writeFileSync(join(root, "app", path), text);
    }
  };
  write({ "index.html": "one" });
  await Promise.all(fleet.hosts.map((host) => startApp(host, appOptions(host))));
  const world: World = {
    fleet,
    write,
    remove: (path) => rmSync(join(root, "app", path), { recursive: true }),
    session: (settings = {}) => openSession(sessionOptions(fleet, settings)),
    deploy: (commit, settings = {}) => deploy(world, root, commit, settings),
    live: () =>
      askAll(fleet, ["sh", "-c", 'readlink "$0/current" || echo none'], (host) => [`${host.srv}/shop`]),
    served: () => askAll(fleet, ["curl", "-s", `http://127.0.0.1:${appPort}/up`], () => []),
    async close() {
      await fleet.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
  return world;
}

function appOptions(host: FleetHost) {
  return { deployTo: `${host.srv}/shop`, port: appPort, pidFile: `${host.home}/app.pid` };
}

function sessionOptions(fleet: SshdFleet, settings: Settings): Parameters<typeof openSession>[0] {
  const run = settings.run ?? "1";
  const knownHosts = settings.knownHosts ?? fleet.knownHosts();
  return {
    ...wrapped(fleet, knownHosts, settings.wrap),
    configText: JSON.stringify(configOf(fleet, settings)),
    configFile: "deploy.yml",
    overrides: {},
    connection: {
      knownHosts,
      privateKey: new Secret(fleet.keys.private),
    },
    events: () => {},
    signal: settings.signal ?? new AbortController().signal,
    dryRun: settings.dryRun ?? false,
    runUrl: `https://example.com/runs/${run}`,
    owner: {
      id: `org/shop/${run}`,
      repository: "org/shop",
      run,
      attempt: "1",
      actor: "ann",
      commit: "-",
      phase: "deploy",
    },
  };
}

function wrapped(
  fleet: SshdFleet,
  knownHosts: string,
  wrap: Settings["wrap"],
): { readonly connect?: Connect } {
  if (wrap === undefined) return {};
  const connect = loadSshConnector({ knownHosts, privateKey: new Secret(fleet.keys.private) });
  return { connect: async (host, signal) => wrap(await (await connect)(host, signal)) };
}

function configOf(fleet: SshdFleet, settings: Settings): unknown {
  const hosts = fleet.hosts.map(({ address, port, username }, index) => ({
    username,
    ...(settings.through?.get(index) ?? { address, port }),
  }));
  return {
    app: "shop",
    "deploy-to": `${fleet.hosts[0]?.srv}/shop`,
    activate: {
      reload: ["kill -HUP $(cat ~/app.pid)"],
      health: { url: `http://127.0.0.1:${appPort}/up`, within: "60s", interval: "100ms" },
    },
    environments: { production: { hosts } },
    ...settings.config,
  };
}

async function deploy(world: World, root: string, commit: string, settings: Settings): Promise<Report> {
  const packed = await packArtifact({
    root: join(root, "app"),
    exclude: [],
    shared: [],
    time: 1_700_000_000,
    directory: mkdtempSync(join(root, "packed-")),
    commit,
    ...(settings.reads === undefined ? {} : { reads: settings.reads }),
  });
  const session = await world.session(settings);
  try {
    const plan = session.plan({ kind: "deploy", now: new Date(), commit, artifact: packed.artifact });
    return await session.run({ plan, phases: ["prepare", "data", "activate"], artifact: packed });
  } finally {
    await session.close();
  }
}

function askAll(
  fleet: SshdFleet,
  argv: readonly string[],
  more: (host: FleetHost) => readonly string[],
): Promise<readonly string[]> {
  return Promise.all(
    fleet.hosts.map(async (host) => {
      const { stdout } = await host.exec([...argv, ...more(host)]);
      return stdout.trim();
    }),
  );
}

/** A commit hash that starts with this letter. */
export function commitOf(letter: string): string {
  return letter.repeat(40);
}
