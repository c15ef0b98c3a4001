import { duration } from "../amounts.ts";
import type { Backup, BackupSource, DatabaseKind, SourceConfig } from "../config/types.ts";
import { count, list } from "../plan/words.ts";
import type { Style } from "../style.ts";
import { storeWords } from "./storeWords.ts";

/** What a backup is of, where it goes, who can read it, how it is proved and how long it stays: read before anyone approves. */
export function backupWords(backup: Backup): string {
  const { store } = backup;
  if (store === undefined)
    return `${sourceWords(backup)}, on the leader's own disk, NOT encrypted; ${localWords(backup)}`;
  const from = backup.from === "runner" ? "dumped on the runner, " : "";
  return [
    `${sourceWords(backup)}, ${from}to ${storeWords(store)}, ${secrecyWords(backup)}${signedWords(backup)}`,
    proofWords(backup),
    keepWords(backup),
  ].join("; ");
}

/** The same without what is seldom asked, and what cautions say. */
export function backupBrief(backup: Backup): string {
  const { store, encryptTo, proof } = backup;
  const to = store === undefined ? "on the leader's own disk" : `to ${store.to}`;
  const closed = encryptTo.length === 0 ? "" : `, encrypted to ${count(encryptTo.length, "key")}`;
  const proved = store === undefined ? "" : proof === "restore" ? ", restored as a proof" : ", read back";
  return `${sourceWords(backup)}, ${to}${closed}${proved}`;
}

/** Where it is in the way of what may break, or whoever reads the store reads the data. */
export function backupCautions({ store, encryptTo }: Backup, { strong, code }: Style): readonly string[] {
  const open = encryptTo.length === 0 ? `, ${strong("not encrypted")}` : "";
  if (store === undefined) {
    return [`The backup stays on the leader's own disk${open}: it is lost with that server.`];
  }
  if (!/^s3:/.test(store.to)) {
    const where = `The backup goes to ${code(store.to)}, a folder of this machine`;
    return [`${where}${open}: a runner's is gone with its job.`];
  }
  if (open === "") return [];
  return [`The backup goes to ${code(store.to)}${open}: whoever reads the store reads the data.`];
}

/** What differs between kinds of database, in words. */
interface KindWords<K extends DatabaseKind> {
  source(backup: SourceConfig<K>): string;
  /** What reads the dump whole, where it is not the tool that made it. */
  readonly reader?: string;
  /** The commands of the user that run. */
  commands?(backup: SourceConfig<K>): readonly string[];
}

const words: { readonly [K in DatabaseKind]: KindWords<K> } = {
  postgres: { source: (backup) => `the PostgreSQL database of ${urlWords(backup)}` },
  mysql: { source: (backup) => `the MySQL database of ${urlWords(backup)}` },
  mariadb: { source: (backup) => `the MariaDB database of ${urlWords(backup)}` },
  sqlite: { source: ({ path }) => `the SQLite file shared/${path}` },
  files: { source: ({ paths }) => list(paths.map((path) => `shared/${path}`)) },
  command: {
    source: () => "what the first command dumps",
    reader: "the second command",
    commands: ({ run, verify }) => [run, verify],
  },
};

function urlWords({ urlSecret, urlFrom }: SourceConfig<"postgres" | "mysql" | "mariadb">): string {
  return urlFrom === undefined ? urlSecret : `${urlSecret}, or else of shared/${urlFrom}`;
}

/** A plan may come from elsewhere, with any kind in it. */
function wordsFor({ database }: BackupSource): KindWords<DatabaseKind> {
  if (!Object.hasOwn(words, database)) return { source: () => `a database of the kind ${database}` };
  return words[database] as KindWords<DatabaseKind>;
}

function sourceWords(backup: Backup): string {
  return wordsFor(backup).source(backup);
}

/** The commands of the user that a backup runs, as they will run. */
export function backupCommands(backup: Backup): readonly string[] {
  return wordsFor(backup).commands?.(backup) ?? [];
}

function secrecyWords({ encryptTo }: Backup): string {
  return encryptTo.length === 0 ? "NOT encrypted" : `encrypted to ${list(encryptTo)}`;
}

function signedWords({ signedBy = [] }: Backup): string {
  return signedBy.length === 0 ? "" : `, signed by ${signedBy.join(" or ")}`;
}

function proofWords(backup: Backup): string {
  const { reader } = wordsFor(backup);
  const read = reader === undefined ? "read whole" : `read whole by ${reader}`;
  return backup.proof === "restore"
    ? `proved by being ${read}, read back and restored into a scratch copy`
    : `proved by being ${read} and read back`;
}

function localWords(backup: Backup): string {
  return `proved by ${wordsFor(backup).reader ?? "an integrity check"}; ${keepWords(backup)}`;
}

function keepWords({ keep, keepFor }: Backup): string {
  const newest = keep === 1 ? "only the newest is kept" : `the newest ${keep} are kept`;
  return keepFor === undefined ? newest : `${newest}, and all of the last ${duration(keepFor)}`;
}
