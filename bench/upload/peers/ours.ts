import { join } from "node:path";
import { packArtifact } from "@deploy/artifact";
import type { Peer } from "../types.ts";
import type { World } from "../world.ts";
import { inChild } from "./child.ts";

/** The product: the same session that the actions run, unbundled. ssh2 has no post-quantum exchange: always curve25519. */
export function oursPeer(world: World, how: "copy" | "link"): Peer {
  return {
    name: how === "copy" ? "deploy" : "deploy, links",
    live: `${how}-shop/current`,
    exchange: () => "curve25519",
    missing: () => undefined,
    begin: async () => {},
    async deploy({ number, commit }) {
      const directory = join(world.work, `packed-${how}${number}`);
      const time = 1_700_000_000 + number;
      await packArtifact({ root: world.app, exclude: [], shared: [], time, directory, commit });
      const sample = await inChild({
        kind: "product",
        config: configOf(world, how),
        knownHosts: world.fleet.knownHosts(),
        privateKey: world.fleet.keys.private,
        packed: directory,
        commit,
        round: number,
      });
      // The journal says when to the second, the links to the nanosecond.
      const times = (await world.everywhere(`stat -c %.9Z /srv/${how}-shop/current`)).map(Number);
      return { ...sample, skew: (Math.max(...times) - Math.min(...times)) * 1_000 };
    },
  };
}

function configOf({ fleet }: World, how: "copy" | "link"): string {
  return JSON.stringify({
    app: "bench",
    "keep-releases": 1,
    "deploy-to": `/srv/${how}-shop`,
    upload: { unchanged: how },
    environments: {
      production: { hosts: fleet.hosts.map(({ address, port, username }) => ({ address, port, username })) },
    },
  });
}
