// npm run bench:upload -- [--hosts 1,4,16,64] [--peers rsync,ansible,capistrano] [--rounds 3] [--exchange default,equal]
// The product beside its peers and beside the floor: an application of 1,900 files, cold, then with 10 files changed.
// Each round all of them deploy the same change in turn, so that a busy moment of the machine hits each alike; after
// it every host's live tree is compared with the application, byte for byte.
import { parseArgs } from "node:util";
import { shape } from "../tree.ts";
import { ansiblePeer } from "./peers/ansible.ts";
import { capistranoPeer } from "./peers/capistrano.ts";
import { floorPeer } from "./peers/floor.ts";
import { oursPeer } from "./peers/ours.ts";
import { rsyncPeer } from "./peers/rsync.ts";
import { type Column, printTable } from "./table.ts";
import type { Exchange, Peer } from "./types.ts";
import { openWorld, type World } from "./world.ts";

const { values } = parseArgs({
  options: {
    hosts: { type: "string", default: "1,4,16,64" },
    peers: { type: "string", default: "rsync,ansible,capistrano" },
    rounds: { type: "string", default: "3" },
    exchange: { type: "string", default: "default,equal" },
  },
});

const known: Readonly<Record<string, (world: World) => Peer>> = {
  rsync: rsyncPeer,
  ansible: ansiblePeer,
  capistrano: capistranoPeer,
};
const wanted = values.peers.split(",").filter((name) => name !== "");
for (const name of wanted)
  if (known[name] === undefined) throw new Error(`--peers: no peer is called ${name}`);

for (const hosts of values.hosts.split(",").map(Number)) {
  for (const exchange of values.exchange.split(",") as Exchange[]) await bench(hosts, exchange);
}

async function bench(hosts: number, exchange: Exchange): Promise<void> {
  const world = await openWorld(hosts);
  try {
    const peers = await invited(world, exchange);
    const columns = peers.map((peer): Column => ({ peer, cold: undefined, warm: [] }));
    for (let number = 0; number <= Number(values.rounds); number++) {
      const round = await world.next(number);
      for (const column of columns) {
        const sample = await column.peer.deploy(round);
        await compare(world, column.peer);
        if (number === 0) column.cold = sample;
        else column.warm.push(sample);
      }
    }
    console.log(
      `\n${hosts} hosts, key exchange ${exchange}; ${shape.files} files, ${shape.changed} changed, median of ${values.rounds}, cold once`,
    );
    printTable(hosts, exchange, columns);
  } finally {
    await world.close();
  }
}

async function invited(world: World, exchange: Exchange): Promise<readonly Peer[]> {
  const asked = [
    floorPeer(world, "copy"),
    floorPeer(world, "link"),
    oursPeer(world, "copy"),
    oursPeer(world, "link"),
    ...wanted.flatMap((name) => known[name]?.(world) ?? []),
  ];
  const here = asked.filter((peer) => {
    const missing = peer.missing();
    if (missing !== undefined) console.log(`left out: ${peer.name} (${missing})`);
    return missing === undefined;
  });
  for (const peer of here) await peer.begin(exchange);
  return here;
}

/** What each tool adds at the top (REVISION, a log) is its own; all of the application must be there. */
async function compare({ everywhere, app }: World, { name, live }: Peer): Promise<void> {
  await everywhere(`diff -rq '${app}/lib' /srv/${live}/lib`).catch((error) => {
    throw new Error(`${name} left another tree: ${error}`);
  });
}
