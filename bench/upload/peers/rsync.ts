import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathOfPart } from "@deploy/testkit/servers";
import { spawnTimed } from "../spawn.ts";
import type { Exchange, Peer } from "../types.ts";
import type { World } from "../world.ts";

// $1 ssh_config, $2 the application, $3 the release, $4 the one before, $5 the host. Unchanged files become hard links.
const one = `set -e
rsync -a --delete -e "ssh -F $1" --rsync-path="mkdir -p /srv/rsync/releases && rsync" --link-dest="../$4" "$2/" "$5:/srv/rsync/releases/$3/"
ssh -F "$1" "$5" "cd /srv/rsync && ln -s releases/$3 current.new && mv -T current.new current && rm -rf releases/$(($4 - 1))"
`;

/** What a careful person has in a shell script: rsync to all hosts by xargs, then the link by one ssh each. */
export function rsyncPeer(world: World): Peer {
  const script = join(world.work, "rsync.sh");
  let config = "";
  return {
    name: "shell, rsync",
    live: "rsync/current",
    exchange: (exchange) => (exchange === "equal" ? "curve25519" : "OpenSSH's default"),
    missing: () => (pathOfPart("rsync") === undefined ? "rsync is not installed" : undefined),
    async begin(exchange: Exchange) {
      config = world.sshConfig(exchange);
      writeFileSync(script, one);
      writeFileSync(
        join(world.work, "hosts"),
        world.fleet.hosts.map(({ address }) => `${address}\n`).join(""),
      );
    },
    async deploy({ number }) {
      const line = 'xargs -P 64 -n 1 sh "$1" "$2" "$3" "$4" "$5" <"$6"';
      const args = [script, config, world.app, String(number), String(number - 1), join(world.work, "hosts")];
      return spawnTimed(["sh", "-c", line, "sh", ...args], world.work);
    },
  };
}
