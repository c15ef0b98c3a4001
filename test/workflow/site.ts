import { mkdirSync, mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type FleetHost, hostTree, type SshdFleet, sshdFleet, type TreeEntry } from "@deploy/testkit";
import { type ActOptions, runAct } from "./act.ts";
import { type Caller, makeCaller } from "./caller.ts";
import type { ActRun } from "./run.ts";
import { releaseTree } from "./tree.ts";

/** An example's repository, three real servers for it, and act between them. */
export interface Site {
  readonly caller: Caller;
  readonly fleet: SshdFleet;
  /** Runs one of the caller's workflows: each call is a run of its own. */
  run(
    workflow: string,
    options?: Pick<ActOptions, "event" | "inputs" | "payload" | "secrets">,
  ): Promise<ActRun>;
  /** What `current` of each host points at; undefined where there is none. */
  live(): readonly (string | undefined)[];
  /** What the app of each host answers on /up: the body, trimmed; what curl says where it does not. */
  answers(): Promise<readonly string[]>;
  /** Lines the migration wrote, host by host. */
  migrations(): readonly (readonly string[])[];
  /** shared/ of each host without log/, where the app itself writes. */
  shared(): readonly (readonly TreeEntry[])[];
  /** Everything in deploy-to on each host, with times: equal trees were not written between. */
  trees(): readonly (readonly TreeEntry[])[];
  close(): Promise<void>;
}

export interface SiteOptions {
  /** The host whose settings say that it is sick. */
  readonly sick?: number;
  /** More lines of shared/.env, which apps and migrations read. */
  readonly env?: string;
  /** More of the config file, at its end. */
  readonly config?: string;
  /** More secrets of the repository; the caller's deploy.yml hands on all of them. */
  readonly secrets?: Readonly<Record<string, string>>;
}

/** Servers as the example's README wants them before the first deploy. */
export async function openSite(example: string, options: SiteOptions = {}): Promise<Site> {
  const tree = await releaseTree();
  const scratch = mkdtempSync(join(tmpdir(), "deploy-site-"));
  const fleet = await sshdFleet({ hosts: 3 });
  for (const [index, host] of fleet.hosts.entries())
    prepareHost(host, `${index === options.sick ? "SICK=yes\n" : ""}${options.env ?? ""}`);
  const caller = makeCaller(example, join(scratch, "caller"));
  caller.write(
    ".github/deploy.yml",
    configFor(fleet, caller.read(".github/deploy.yml")) + (options.config ?? ""),
  );
  const workflow = ".github/workflows/deploy.yml";
  caller.write(workflow, caller.read(workflow) + handOn(Object.keys(options.secrets ?? {})));
  caller.commit();
  const shop = (host: FleetHost, ...path: string[]) => join(host.root, "shop", ...path);
  const secrets = {
    SSH_PRIVATE_KEY: fleet.keys.private,
    SSH_KNOWN_HOSTS: fleet.knownHosts(),
    ...options.secrets,
  };
  let runId = 4710;
  return {
    caller,
    fleet,
    run: (workflow, { secrets: others, ...more } = {}) => {
      runId += 1;
      return runAct({
        ...{ caller, tree, scratch, workflow, runId, ...more },
        secrets: { ...secrets, ...others },
      });
    },
    live: () => fleet.hosts.map((host) => readOr(() => readlinkSync(shop(host, "current")))),
    answers: () => Promise.all(fleet.hosts.map((host) => askUp(host))),
    migrations: () =>
      fleet.hosts.map((host) =>
        (readOr(() => readFileSync(shop(host, "shared", "log", "migrations"), "utf8")) ?? "")
          .split("\n")
          .filter((line) => line !== ""),
      ),
    shared: () =>
      fleet.hosts.map((host) =>
        hostTree(shop(host, "shared")).filter(({ path }) => path !== "log" && !path.startsWith("log/")),
      ),
    trees: () => fleet.hosts.map((host) => hostTree(shop(host), { mtime: true }).filter(isOurs)),
    async close() {
      await fleet.close();
      rmSync(scratch, { recursive: true, force: true });
    },
  };
}

function prepareHost(host: FleetHost, env: string): void {
  const shared = join(host.root, "shop", "shared");
  for (const folder of ["public/uploads", "log"]) mkdirSync(join(shared, folder), { recursive: true });
  writeFileSync(join(shared, ".env"), `PORT=8080\nGREETING=Hi\n${env}`);
  writeFileSync(join(shared, "public/uploads/photo 1.jpg"), `a user's photo on ${host.name}\n`);
}

/** Lines for the `secrets:` that the example's workflow ends with. */
function handOn(names: readonly string[]): string {
  return names.map((name) => `      ${name}: \${{ secrets.${name} }}\n`).join("");
}

/** The example's own file with these servers in it, and without its other environments: nothing else is different. */
function configFor(fleet: SshdFleet, text: string): string {
  const hosted = fleet.hosts.reduce(
    (all, host, index) => all.replaceAll(`web${index + 1}.example.com`, host.address),
    text,
  );
  return hosted
    .replace(/^ {2}staging:[\s\S]*(?=^ {2}production:)/m, "")
    .replaceAll("deploy@", "root@")
    .replace("/var/www/shop", `${fleet.hosts[0]?.srv}/shop`)
    .replace("within: 30s", "within: 15s");
}

async function askUp(host: FleetHost): Promise<string> {
  const { stdout, stderr } = await host.exec(["curl", "-sS", "--max-time", "5", "http://127.0.0.1:8080/up"]);
  return (stdout || stderr).trim();
}

/** The app's own log and pid change without us. */
function isOurs({ path }: TreeEntry): boolean {
  return !path.startsWith("shared/log");
}

function readOr<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
