// One deploy as a process of its own, which kills itself just before or just after its k-th remote operation.
// argv: a file with the settings as JSON. Prints the report, or dies by SIGKILL.
import { readFileSync } from "node:fs";
import { openPacked } from "@deploy/artifact";
import { type LockOwner, Secret } from "@deploy/core";
import { openSession } from "@deploy/session";
import { type Connect, loadSshConnector, type Transport } from "@deploy/transport";

export interface Settings {
  readonly configText: string;
  readonly knownHosts: string;
  readonly privateKey: string;
  /** Folder of the packed release. */
  readonly packed: string;
  readonly owner: LockOwner;
  /** Runs that are known to be over: their locks may be taken. */
  readonly over: readonly string[];
  readonly kill?: { readonly at: number; readonly when: "before" | "after" };
}

const settings = JSON.parse(readFileSync(process.argv[2] ?? "", "utf8")) as Settings;
/** What each remote operation is, in order. */
const operations: string[] = [];

const packed = await openPacked(settings.packed);
const session = await openSession({
  configText: settings.configText,
  configFile: "deploy.yml",
  overrides: {},
  connection: { knownHosts: settings.knownHosts },
  connect: counted(
    await loadSshConnector({ knownHosts: settings.knownHosts, privateKey: new Secret(settings.privateKey) }),
  ),
  events: () => {},
  signal: new AbortController().signal,
  dryRun: false,
  runUrl: "",
  owner: settings.owner,
  lockWait: 20_000,
  isOver: async ({ run }) => settings.over.includes(run),
});
const commit = packed.commit;
const plan = session.plan({ kind: "deploy", now: new Date(), commit, artifact: packed.artifact });
const report = await session.run({ plan, phases: ["prepare", "data", "activate"], artifact: packed });
await session.close();
console.log(JSON.stringify({ operations, report }));

function counted(connect: Connect): Connect {
  return async (host, signal) => {
    const inner = await operation("connect", () => connect(host, signal));
    const transport: Transport = {
      host,
      exec: (command, options) => operation(command.name, () => inner.exec(command, options)),
      http: (probe, stop) => operation("http", () => inner.http(probe, stop)),
      close: () => inner.close(),
    };
    return transport;
  };
}

async function operation<T>(name: string, work: () => Promise<T>): Promise<T> {
  const mine = operations.push(name);
  die(mine, "before");
  const result = await work();
  die(mine, "after");
  return result;
}

function die(at: number, when: "before" | "after"): void {
  if (settings.kill?.at === at && settings.kill.when === when) process.kill(process.pid, "SIGKILL");
}
