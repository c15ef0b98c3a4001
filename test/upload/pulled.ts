import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type PackedArtifact, packArtifact } from "@deploy/artifact";
import { type SshdFleet, s3Server, sshdFleet } from "@deploy/testkit";
import type { Settings } from "./deployBy.ts";
import { type Front, lookingFront } from "./front.ts";

/** Hosts, a store, and who looks at what passes between them. */
export interface Pulled {
  readonly fleet: SshdFleet;
  readonly front: Front;
  /** A site of some size; a file of it is another each time. */
  pack(): Promise<PackedArtifact>;
  settings(packed: PackedArtifact): Settings;
  /** Names of the parcels in the store. */
  parcels(): readonly string[];
  close(): Promise<void>;
}

export async function openPulled(count: number): Promise<Pulled> {
  const fleet = await sshdFleet({ hosts: count });
  const s3 = await s3Server();
  const watched = fleet.hosts.flatMap(({ root, home, files }) => [root, home, files]);
  const front = await lookingFront(fleet.gateway, s3.endpoint, watched);
  const folder = mkdtempSync(join(tmpdir(), "deploy-pulled-"));
  let round = 0;
  return {
    fleet,
    front,
    async pack() {
      const [before, root] = [round, ++round].map((number) => join(folder, `site${number}`)) as [
        string,
        string,
      ];
      if (existsSync(before)) cpSync(before, root, { recursive: true });
      else grow(root);
      writeFileSync(join(root, "ü page.html"), `<p>${round}</p>\n`);
      const directory = join(folder, `packed${round}`);
      const commit = `${round}`.padEnd(40, "c");
      return packArtifact({ root, exclude: [], shared: [], time: 1_700_000_000 + round, directory, commit });
    },
    settings: ({ directory: packed }) => ({
      packed,
      knownHosts: fleet.knownHosts(),
      privateKey: fleet.keys.private,
      configText: configOf(fleet, {
        store: `s3://${s3.bucket}/shop`,
        endpoint: front.endpoint,
        region: s3.region,
      }),
      key: { id: s3.accessKey, secret: s3.secretKey },
    }),
    parcels: () =>
      readdirSync(join(s3.folder, s3.bucket), { recursive: true, encoding: "utf8" }).filter((path) =>
        /\.tar(\.\w+)?$/.test(path),
      ),
    async close() {
      await front.close();
      await s3.stop();
      await fleet.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function grow(root: string): void {
  for (let folder = 0; folder < 20; folder++) {
    mkdirSync(join(root, `part ${folder}`), { recursive: true });
    for (let file = 0; file < 10; file++) {
      const text = `${folder} ${file} ${Math.random()} `.repeat(100);
      writeFileSync(join(root, `part ${folder}`, `${file}.txt`), text);
    }
  }
}

function configOf(fleet: SshdFleet, store: Readonly<Record<string, string>>): string {
  const hosts = fleet.hosts.map(({ address, port, username }) => ({ address, port, username }));
  return JSON.stringify({
    app: "shop",
    "deploy-to": `${fleet.hosts[0]?.srv}/shop`,
    upload: { method: "pull", ...store },
    environments: { production: { hosts } },
  });
}
