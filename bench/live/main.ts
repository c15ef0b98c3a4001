// npm run bench:live -- [--hosts 1,4,16,64] [--rtt 0,40] [--peers rsync,ansible,capistrano] [--rounds 3]
// (DEPLOY_BENCH_FILES=20000 for a larger application)
// As a person waits: whole commands, start and packing and all, a redeploy of 10 of 1,900 changed files; and what whoever
// approves waits for, where hosts were prepared before. All in turns in one run, on this machine, which is the runner and
// all hosts; `rtt` puts so many milliseconds between. The last line of each table is a row of it.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { listActions } from "../../scripts/build/actions.ts";
import { build } from "../../scripts/build/build.ts";
import { root } from "../../scripts/lib/root.ts";
import { render } from "../../scripts/render/render.ts";
import { ansiblePeer } from "../upload/peers/ansible.ts";
import { capistranoPeer } from "../upload/peers/capistrano.ts";
import { floorPeer } from "../upload/peers/floor.ts";
import { rsyncPeer } from "../upload/peers/rsync.ts";
import type { Peer } from "../upload/types.ts";
import { openWorld, type World } from "../upload/world.ts";
import { approvalPeer } from "./approval.ts";
import { commandPeer } from "./command.ts";
import { type Column, printLive } from "./table.ts";

const { values } = parseArgs({
  options: {
    hosts: { type: "string", default: "1,4,16,64" },
    rtt: { type: "string", default: "0,40" },
    peers: { type: "string", default: "rsync,ansible,capistrano" },
    rounds: { type: "string", default: "3" },
  },
});
const known: Readonly<Record<string, (world: World) => Peer>> = {
  rsync: rsyncPeer,
  ansible: ansiblePeer,
  capistrano: capistranoPeer,
};
const tree = mkdtempSync(join(tmpdir(), "deploy-live-"));
try {
  await build(listActions(), join(root, "build", "dist"));
  render({ repository: "org/deploy", ref: "v1", self: "explicit", out: join(tree, "tree") });
  for (const rtt of values.rtt.split(",").map(Number))
    for (const hosts of values.hosts.split(",").map(Number)) await bench(hosts, rtt);
} finally {
  rmSync(tree, { recursive: true, force: true });
}

async function bench(hosts: number, rtt: number): Promise<void> {
  const world = await openWorld(hosts, rtt);
  try {
    const columns = peersOf(world).map((peer): Column => ({ peer, seconds: [] }));
    for (const { peer } of columns) await peer.begin("equal");
    for (let number = 0; number <= Number(values.rounds); number++) {
      const round = await world.next(number);
      for (const { peer, seconds } of columns) {
        const sample = await peer.deploy(round);
        await world.everywhere(`diff -rq '${world.app}/lib' /srv/${peer.live}/lib`);
        // The first one is cold.
        if (number > 0) seconds.push(sample.seconds);
      }
    }
    printLive({ hosts, rtt }, columns);
  } finally {
    await world.close();
  }
}

function peersOf(world: World): readonly Peer[] {
  const theirs = values.peers.split(",").flatMap((name) => known[name]?.(world) ?? []);
  const ours = [commandPeer(world, join(tree, "tree")), approvalPeer(world, join(tree, "tree"))];
  return [...ours, floorPeer(world, "copy"), floorPeer(world, "link"), ...theirs].filter((peer) => {
    const missing = peer.missing();
    if (missing !== undefined) console.log(`left out: ${peer.name} (${missing})`);
    return missing === undefined;
  });
}
