import type { Peer } from "../types.ts";
import type { World } from "../world.ts";
import { inChild } from "./child.ts";

/** The least that a deploy can do; cold it extracts everything, warm it copies (or links) and extracts what changed. */
export function floorPeer(world: World, how: "copy" | "link"): Peer {
  const hosts = world.fleet.hosts.map((host) => ({
    address: host.address,
    port: host.port,
    username: host.username,
    keyBlob: host.knownHostsLine().split(" ")[2] ?? "",
  }));
  return {
    name: `floor by ${how}`,
    live: `${how}/current`,
    exchange: () => "curve25519",
    missing: () => undefined,
    begin: async () => {},
    async deploy({ number, changed }) {
      // Cold: from a release that is empty.
      if (number === 0) await world.everywhere(`mkdir -p /srv/${how}/releases/-1`);
      return inChild({
        kind: "floor",
        hosts,
        privateKey: world.fleet.keys.private,
        base: `/srv/${how}`,
        how,
        release: { from: String(number - 1), to: String(number) },
        root: world.app,
        changed: number === 0 ? ["."] : changed,
      });
    },
  };
}
