import { type BackupSource, DeployError, type Secret } from "@deploy/core";
import { driverOf, type Server, type ServerKind, type Source } from "@deploy/remote";
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
export function sourceOf(backup: BackupSource, { base, release, url, directory }: Whereabouts): Source {
  const inRelease = release === undefined ? `${base}/current` : `${base}/releases/${release}`;
  return driverOf(backup.database).source(backup, {
    directory: directory ?? inRelease,
    shared() {
      if (directory !== undefined) throw onLeaderOnly(backup);
      return `${base}/shared`;
    },
    server: ({ database, urlSecret }) => serverOf(database, urlSecret, url),
  });
}

/** `shared/` is a folder of the leader. */
function onLeaderOnly({ database }: BackupSource): DeployError {
  return new DeployError(
    "backup-source",
    `\`from: runner\` cannot read ${database}: its files lie on the leader`,
    { hint: "Leave `from` out: the leader makes this backup." },
  );
}

function serverOf(database: ServerKind, urlSecret: string, url: Secret | undefined): Server {
  if (url !== undefined && url.reveal().trim() !== "") return parseDatabaseUrl(url, database);
  throw new DeployError("database-url", `The URL of the database is missing: ${urlSecret} is empty`, {
    hint: `Set ${urlSecret} in the environment, or let \`url-from\` name the leader's file that does.`,
    inAction: `Give it as \`url\`, set ${urlSecret} in the environment, or let \`url-from\` name the leader's file that does. In a called workflow a secret must be mapped by its name.`,
  });
}
