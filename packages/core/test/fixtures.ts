import type {
  Artifact,
  Config,
  DeployRequest,
  Host,
  Live,
  LostHost,
  Outcome,
  OutcomeStep,
  Plan,
  ReachedHost,
  ReconcileRequest,
  ReleaseFacts,
  ReleaseState,
  Stage,
  Status,
  Step,
} from "@deploy/core";
import { plan, stepsOf } from "@deploy/core";

export const now = new Date("2026-11-21T08:44:50Z");
export const commit = "4f2a91c0d3b5e6f708192a3b4c5d6e7f80912a3b";
export const oldCommit = "0a1b2c3d4e5f60718293a4b5c6d7e8f901234567";
export const minted = "20261121T084450Z-4f2a91c";
export const older = "20261119T101010Z-9999999";
export const old = "20261120T101010Z-0a1b2c3";
export const artifact: Artifact = {
  digest: "d".repeat(64),
  manifest: "a".repeat(64),
  files: 200,
  bytes: 1_000_000,
};

/** Who logs in everywhere, as a plan says it. */
export const login = { port: 22, username: "deploy" } as const;

export function hostOf(name: string, roles: readonly string[] = []): Host {
  return { name, address: name, ...login, roles };
}

/** Three hosts, nothing but files: what a test needs more, it says. */
export function configOf(changes: Partial<Config> = {}): Config {
  return {
    app: "shop",
    environment: "production",
    source: ".",
    exclude: [],
    allowCredentials: [],
    build: [],
    deployTo: "/var/www/shop",
    shared: { directories: ["log"], files: [".env"] },
    keepReleases: 5,
    leader: "web1",
    hosts: [hostOf("web1"), hostOf("web2", ["web"]), hostOf("web3", ["web", "worker"])],
    prepare: [],
    activate: { strategy: "all", reload: [] },
    ...changes,
  };
}

/** Everything a config can ask for. */
export function fullConfig(changes: Partial<Config> = {}): Config {
  return configOf({
    url: "https://shop.example.com",
    prepare: [
      { run: "npm ci --omit=dev", roles: [] },
      { run: "npm run warm", roles: ["worker"], envFile: ".env" },
      { run: "npm run never", roles: ["db"] },
    ],
    backup: {
      database: "sqlite",
      path: "db/shop.sqlite3",
      encryptTo: [],
      from: "leader",
      proof: "read",
      compression: "auto",
      minimum: 64,
      keep: 14,
    },
    migrate: { run: "npm run migrate", envFile: ".env", onCancel: "keep", grace: 10_000, silence: 300_000 },
    activate: {
      strategy: "all",
      reload: [{ run: "sudo systemctl reload shop", roles: ["web"] }],
      health: {
        url: "http://127.0.0.1:8080/up",
        status: 200,
        expectRelease: true,
        within: 30_000,
        timeout: 5_000,
        interval: 1_000,
        passes: 2,
        roles: ["web"],
      },
    },
    // A host without roles has every role, so the command for `db` needs a fleet where all have some.
    hosts: [hostOf("web1", ["web"]), hostOf("web2", ["web"]), hostOf("web3", ["web", "worker"])],
    ...changes,
  });
}

export function releaseOf(
  id: string,
  state: ReleaseState = "good",
  files?: Partial<ReleaseFacts>,
): ReleaseFacts {
  return { id, state, manifest: "b".repeat(64), commit: oldCommit, ...files };
}

/** The release the tests deploy, lying on a host already. */
export function newRelease(state: ReleaseState, id = minted): ReleaseFacts {
  return { id, state, manifest: artifact.manifest, commit };
}

/** A healthy host that serves `old`. */
export function reachedHost(host: string, changes: Partial<ReachedHost> = {}): ReachedHost {
  return {
    host,
    reached: true,
    user: "deploy",
    tools: { tar: true, gzip: true, sha256sum: true, flock: true },
    freeBytes: 10_000_000_000,
    freeInodes: 1_000_000,
    writable: true,
    clock: now.getTime() / 1000,
    current: { kind: "release", release: old },
    releases: [releaseOf(older), releaseOf(old)],
    strangers: [],
    missingShared: [],
    adopted: 0,
    lock: { token: 0, expiresIn: 0 },
    journal: [],
    ...changes,
  };
}

export function serving(host: string, release: string, releases: readonly ReleaseFacts[]): ReachedHost {
  return reachedHost(host, { current: { kind: "release", release }, releases });
}

export function lostHost(host: string): LostHost {
  const problem = {
    code: "connect-refused",
    message: "port 22 is closed",
    hint: "Check it.",
    place: {},
  } as const;
  return { host, reached: false, problem };
}

export function fleetOf(changes: Partial<ReachedHost> = {}): readonly ReachedHost[] {
  return ["web1", "web2", "web3"].map((name) => reachedHost(name, changes));
}

export function deployRequest(changes: Partial<DeployRequest> = {}): DeployRequest {
  return { kind: "deploy", now, commit, artifact, ...changes };
}

export function deployPlan(config: Config = configOf(), facts = fleetOf()): Plan {
  return plan(config, facts, deployRequest());
}

export function outcomeOf(
  host: string,
  step: OutcomeStep,
  status: Status = "ok",
  changes: Partial<Outcome> = {},
): Outcome {
  const undoes = step === "revert" ? { undoes: ["switch"] } : {};
  return {
    host,
    id: step,
    step,
    status,
    detail: `${step} ${status}`,
    milliseconds: 10,
    ...undoes,
    ...changes,
  };
}

/** Every step of the plan ok on each of its hosts. */
export function allOk(plan: Plan): readonly Outcome[] {
  return stepsOf(plan).flatMap(({ id, step, hosts }) =>
    hosts.map((host) => outcomeOf(host, step, "ok", { id })),
  );
}

type Bare<One extends Step = Step> = One extends Step ? Omit<One, "id"> : never;

/** Stages as a plan has them, of steps without numbers. */
export function staged(steps: readonly Bare[]): readonly Stage[] {
  const ids = steps.map(({ step }, index) => {
    const same = steps.flatMap((other, at) => (other.step === step ? [at] : []));
    return same.length === 1 ? step : `${step}-${same.indexOf(index) + 1}`;
  });
  const numbered = steps.map((step, index) => ({ ...step, id: ids[index] }) as unknown as Step);
  const stages = [
    { kind: "prepare", onFailure: "stop", names: ["upload", "prepare"] },
    { kind: "data", onFailure: "stop", names: ["backup", "migrate"] },
    { kind: "wave", name: "all", onFailure: "undo", names: ["switch", "reload", "health"] },
    { kind: "finish", onFailure: "stop", names: ["finish"] },
  ] as const;
  return stages
    .map(({ names, ...stage }) => {
      return { ...stage, steps: numbered.filter(({ step }) => (names as readonly string[]).includes(step)) };
    })
    .filter((stage) => stage.steps.length > 0);
}

/** A plan's steps without their numbers. */
export function bareSteps(plan: Plan): readonly object[] {
  return stepsOf(plan).map(({ id: _, ...step }) => step);
}

export function liveAll({ hosts }: Plan, release: string | null | undefined): readonly Live[] {
  return hosts.map(({ host }) => ({ host, release }));
}

export function reconcileRequest(changes: Partial<ReconcileRequest> = {}): ReconcileRequest {
  return { kind: "reconcile", now, ...changes };
}
