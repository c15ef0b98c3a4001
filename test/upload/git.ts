import { join } from "node:path";
import type { PackedArtifact } from "@deploy/artifact";
import { type GitStaged, type GitStageOptions, gitStage } from "@deploy/remote";
import { type FleetHost, makeRepository, type TestRepository } from "@deploy/testkit";
import { openRig, type Rig, type Site } from "./rsync.ts";

/** Hosts, one of which serves git to whoever has the fleet's key and nothing else, as a server of one's own does. */
export interface GitRig extends Rig {
  readonly repository: TestRepository;
  /** Over ssh. */
  readonly url: string;
  readonly hostKeys: readonly string[];
  /** The key that may read it. */
  readonly key: string;
  fetch(site: Site, release: string, commit: string, more?: Fetching): Promise<GitStaged>;
  /** As a deploy does: the host fetches, and what git has not is sent. */
  bring(
    site: Site,
    packed: PackedArtifact,
    release: string,
    commit: string,
    more?: Fetching,
  ): Promise<Brought>;
}

export type Fetching = Partial<GitStageOptions> & { readonly secret?: string; readonly signal?: AbortSignal };

export interface Brought extends GitStaged {
  /** Bytes of the parcel, and of files that were not in it. */
  readonly sent: number;
  readonly saved: number;
  readonly received: unknown;
}

const onlyGit = ['ForceCommand exec git-shell -c "$SSH_ORIGINAL_COMMAND"'];

export async function openGitRig(): Promise<GitRig> {
  const rig = await openRig({ hosts: [{}, { config: onlyGit }, { tmpfs: "6m" }] });
  const server = rig.fleet.hosts[1] as FleetHost;
  const repository = makeRepository(join(server.root, "shop.git"));
  const url = `ssh://${server.username}@${server.address}:${server.port}${server.srv}/shop.git`;
  const hostKeys = [server.knownHostsLine()];
  const key = rig.fleet.keys.private;
  const fetch: GitRig["fetch"] = (site, release, commit, more = {}) => {
    const { secret = key, signal, ...options } = more;
    const { fence } = site;
    const command = gitStage({
      ...{ fence, release, commit, repository: url, hostKeys, access: "key" },
      ...options,
    });
    const input = (async function* () {
      if (command.args.includes("none")) return;
      yield Buffer.from(secret);
    })();
    return site.ask(command, { input, capture: 1e8, ...(signal === undefined ? {} : { signal }) });
  };
  return {
    ...{ ...rig, repository, url, hostKeys, key, fetch },
    async bring(site, packed, release, commit, more) {
      const staged = await fetch(site, release, commit, more);
      const { bytes: sent, saved } = await packed.parcel(staged.manifest, "gzip");
      return { ...staged, sent, saved, received: await site.take(packed, release, staged.manifest) };
    },
  };
}
