import { isRunning } from "../processes.ts";
import { must, run } from "../run.ts";

const prefix = "dpl";
let made = 0;

/** One bridge in the test's own namespace, one veth pair and network namespace per host. */
export interface Network {
  /** The test's own address as the hosts see it. */
  readonly gateway: string;
  readonly namespaces: readonly string[];
  readonly addresses: readonly string[];
  /** Takes a host's cable out (packets vanish) or puts it back. */
  setLink(index: number, up: boolean): Promise<void>;
  close(): Promise<void>;
}

/** Makes a network of `hosts` namespaces on an unused 10.x.y.0/24. Needs root. */
export async function makeNetwork(hosts: number): Promise<Network> {
  await sweepNetworks();
  made += 1;
  const tag = `${prefix}${process.pid}-${made}`;
  const bridge = `${tag}b`;
  const net = await findUnusedNet();
  const namespaces = Array.from({ length: hosts }, (_, index) => `${tag}-${index}`);
  const addresses = namespaces.map((_, index) => `${net}.${index + 2}`);
  const close = () => removeNetwork(namespaces, bridge);
  try {
    for (const name of namespaces) await must(["ip", "netns", "add", name]);
    await must(["ip", "-batch", "-"], outside(bridge, `${net}.1`, namespaces));
    for (const [index, name] of namespaces.entries()) {
      await must(["ip", "-n", name, "-batch", "-"], inside(addresses[index] ?? ""));
    }
  } catch (error) {
    await close();
    throw error;
  }
  const setLink = async (index: number, up: boolean) => {
    await must(["ip", "link", "set", `${namespaces[index]}`, up ? "up" : "down"]);
  };
  return { gateway: `${net}.1`, namespaces, addresses, setLink, close };
}

// A link may have the name of its namespace: at most 15 bytes, so pids of seven digits still fit.
function outside(bridge: string, address: string, namespaces: readonly string[]): string {
  return [
    `link add ${bridge} type bridge`,
    `addr add ${address}/24 dev ${bridge}`,
    `link set ${bridge} up`,
    ...namespaces.flatMap((name) => [
      `link add ${name} type veth peer name eth0 netns ${name}`,
      `link set ${name} master ${bridge} up`,
    ]),
    "",
  ].join("\n");
}

function inside(address: string): string {
  return `link set lo up\naddr add ${address}/24 dev eth0\nlink set eth0 up\n`;
}

async function removeNetwork(namespaces: readonly string[], bridge: string): Promise<void> {
  for (const name of namespaces) await run(["ip", "netns", "del", name]);
  for (const name of namespaces) await run(["ip", "link", "del", name]);
  await run(["ip", "link", "del", bridge]);
}

/** Removes the namespaces and bridges of test processes that are no more. */
export async function sweepNetworks(): Promise<void> {
  const namespaces = (await run(["ip", "netns", "list"])).stdout;
  for (const name of listStale(namespaces)) await run(["ip", "netns", "del", name]);
  const links = (await run(["ip", "-o", "link"])).stdout;
  for (const name of listStale(links)) await run(["ip", "link", "del", name]);
}

/** Names of ours in this text whose process is gone. */
export function listStale(text: string): string[] {
  const names = [...text.matchAll(/\bdpl(\d+)-\d+(?:b|-\d+)/g)];
  const stale = names.filter(([, pid]) => !isRunning(Number(pid))).map(([name]) => name);
  return [...new Set(stale)];
}

async function findUnusedNet(): Promise<string> {
  const taken = await must(["ip", "-4", "route", "show", "table", "all"]);
  for (;;) {
    const [a, b] = [64, 0].map((from) => from + Math.floor(Math.random() * 128));
    if (!taken.includes(`10.${a}.`)) return `10.${a}.${b}`;
  }
}
