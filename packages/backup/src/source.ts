import { type BackupSource, DeployError, type Secret } from "@deploy/core";
import type { Source } from "@deploy/remote";
import { parseDatabaseUrl } from "./url/parse.ts";

export interface Whereabouts {
  /** deploy-to, absolute on the host. */
  readonly base: string;
  /** The release whose commands dump; the live one without. */
  readonly release?: string;
  /** Where commands run instead: the checkout, on a runner. */
  readonly directory?: string;
  /** The database's URL, where it is a server's. */
  readonly url?: Secret;
}

/** The configured source as the scripts know it. Throws `database-url` where the URL is missing or wrong. */
export function sourceOf(backup: BackupSource, { base, release, url, ...where }: Whereabouts): Source {
  switch (backup.database) {
    case "postgres":
      return { kind: "postgres", server: serverOf(backup, url), globals: backup.globals === true };
    case "mysql":
    case "mariadb":
      return { kind: backup.database, server: serverOf(backup, url) };
    case "sqlite":
      onLeaderOnly(backup, where.directory);
      return { kind: "sqlite", path: `${base}/shared/${backup.path}` };
    case "files":
      onLeaderOnly(backup, where.directory);
      return { kind: "files", base: `${base}/shared`, paths: backup.paths };
    case "command": {
      const { run, verify, restore } = backup;
      const inRelease = release === undefined ? `${base}/current` : `${base}/releases/${release}`;
      const directory = where.directory ?? inRelease;
      return { kind: "command", directory, run, verify, ...(restore === undefined ? {} : { restore }) };
    }
  }
}

/** `shared/` is a folder of the leader. */
function onLeaderOnly({ database }: BackupSource, directory: string | undefined): void {
  if (directory === undefined) return;
  throw new DeployError(
    "backup-source",
    `\`from: runner\` cannot read ${database}: its files lie on the leader`,
    {
      hint: "Leave `from` out: the leader makes this backup.",
    },
  );
}

type ServerSource = Extract<BackupSource, { readonly urlSecret: string }>;

function serverOf({ database, urlSecret }: ServerSource, url: Secret | undefined) {
  if (url !== undefined && url.reveal().trim() !== "") return parseDatabaseUrl(url, database);
  throw new DeployError("database-url", `The URL of the database is missing: ${urlSecret} is empty`, {
    hint: `Give it as the input \`url\`, or set ${urlSecret} in the environment. In a called workflow a secret must be mapped by its name.`,
  });
}
