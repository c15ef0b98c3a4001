import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { spawnTimed } from "../upload/spawn.ts";
import type { Peer } from "../upload/types.ts";
import type { World } from "../upload/world.ts";

/** `deploy run` as installed: start, packing and all. `extra`: more of the config, deployed to a place of that name. */
export function commandPeer(
  world: World,
  tree: string,
  { name, extra }: { readonly name: string; readonly extra: object } = { name: "command", extra: {} },
): Peer {
  const folder = world.work;
  return {
    name: "deploy run",
    live: `${name}/current`,
    exchange: () => "curve25519",
    missing: () => undefined,
    begin: async () => writeFileSync(join(folder, `${name}.json`), configOf(world, `/srv/${name}`, extra)),
    deploy: ({ commit }) =>
      spawnTimed(
        [
          ...[process.execPath, join(tree, "dist/cli/index.mjs"), "run", "--yes", "--commit", commit],
          ...["--environment", "production", "--config", `${name}.json`],
          ...["--known-hosts", "known_hosts", "--identity-file", "key"],
        ],
        folder,
      ),
  };
}

export function configOf({ fleet, work, app }: World, deployTo: string, extra: object = {}): string {
  return JSON.stringify({
    app: "bench",
    source: app.slice(work.length + 1),
    "keep-releases": 1,
    "deploy-to": deployTo,
    ...extra,
    environments: {
      production: { hosts: fleet.hosts.map(({ address, port, username }) => ({ address, port, username })) },
    },
  });
}
