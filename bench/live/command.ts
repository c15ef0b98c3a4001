import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { spawnTimed } from "../upload/spawn.ts";
import type { Peer } from "../upload/types.ts";
import type { World } from "../upload/world.ts";

/** `deploy run` as installed: start, packing and all. */
export function commandPeer(world: World, tree: string): Peer {
  const folder = world.work;
  return {
    name: "deploy run",
    live: "command/current",
    exchange: () => "curve25519",
    missing: () => undefined,
    begin: async () => writeFileSync(join(folder, "deploy.json"), configOf(world, "/srv/command")),
    deploy: ({ commit }) =>
      spawnTimed(
        [
          ...[process.execPath, join(tree, "dist/cli/index.mjs"), "run", "--yes", "--commit", commit],
          ...["--environment", "production", "--config", "deploy.json"],
          ...["--known-hosts", "known_hosts", "--identity-file", "key"],
        ],
        folder,
      ),
  };
}

export function configOf({ fleet, work, app }: World, deployTo: string): string {
  return JSON.stringify({
    app: "bench",
    source: app.slice(work.length + 1),
    "keep-releases": 1,
    "deploy-to": deployTo,
    environments: {
      production: { hosts: fleet.hosts.map(({ address, port, username }) => ({ address, port, username })) },
    },
  });
}
