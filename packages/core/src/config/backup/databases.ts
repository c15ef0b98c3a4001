import * as z from "zod";
import { input } from "../section.ts";
import { command, flag, list, text } from "../values/leaves.ts";
import { mapping } from "../values/mapping.ts";
import { readShared, readSharedFile, sharedPhrase } from "../values/paths.ts";
import { proof, secretName, store, storeOrDisk, storing } from "./storing.ts";

export const databases = ["postgres", "mysql", "mariadb", "sqlite", "files", "command"] as const;
export type DatabaseKind = (typeof databases)[number];
export const databasePhrase = "postgres, mysql, mariadb, sqlite, files or command";

const server = mapping({
  database: z
    .enum(["postgres", "mysql", "mariadb"], { error: databasePhrase })
    .describe("The database server: `postgres`, `mysql` or `mariadb`."),
  "url-secret": secretName()
    .prefault("DATABASE_URL")
    .describe("The environment variable or secret that holds the database's URL."),
  "url-from": text(sharedPhrase, readSharedFile)
    .optional()
    .describe(
      "A file below the leader's `shared/`, such as `.env`, that sets `url-secret`: read there when a backup is made, where no URL is given.",
    ),
  globals: flag()
    .prefault(false)
    .transform((given): boolean | undefined => given || undefined)
    .describe("`postgres`: roles and tablespaces of the server too, without passwords."),
  store: store(),
  ...storing,
  ...proof,
})
  .superRefine(needPostgres)
  .superRefine(needLeader)
  .meta({ title: "backup: postgres, mysql, mariadb" });

const files = mapping({
  database: z.literal("files", { error: databasePhrase }).describe("Shared folders and files."),
  paths: list(text(sharedPhrase, readShared), "paths")
    .refine((given) => given.length > 0, { error: "at least one path below shared/" })
    .describe("What is packed, below `shared/`."),
  store: store(),
  ...storing,
  ...proof,
}).meta({ title: "backup: files" });

const sqlite = mapping({
  database: z.literal("sqlite", { error: databasePhrase }).describe("A SQLite file."),
  path: text(sharedPhrase, readSharedFile).describe("The database file, below `shared/`."),
  store: storeOrDisk(),
  ...storing,
  ...proof,
}).meta({ title: "backup: sqlite" });

const dump = mapping({
  database: z.literal("command", { error: databasePhrase }).describe("Any database that a command can dump."),
  run: command().describe("Writes the dump to stdout."),
  verify: command().describe("Reads the dump from stdin; exits 0 when it is whole."),
  restore: command()
    .optional()
    .describe("Reads the dump from stdin and brings it back; without, `deploy restore` cannot."),
  store: storeOrDisk(),
  ...storing,
}).meta({ title: "backup: command" });

/** The keys of each kind, told apart by `database`. */
export const kinds = [server, sqlite, files, dump] as const;

export const databaseInputs = {
  database: input(
    "text",
    "backup.database",
    "`postgres`, `mysql`, `mariadb`, `sqlite`, `files` or `command`.",
  ),
  "url-secret": input(
    "text",
    "backup.url-secret",
    "Variable or secret that holds the database's URL where `url` is not given; DATABASE_URL unless told.",
  ),
  "url-from": input(
    "text",
    "backup.url-from",
    "File below the leader's `shared/`, such as `.env`, that sets `url-secret`, where no `url` is given.",
  ),
  globals: input(
    "flag",
    "backup.globals",
    "`true`: with a PostgreSQL database its server's roles and tablespaces are backed up too, without passwords.",
  ),
  path: input("text", "backup.path", "Of a SQLite file, below `shared/`."),
  paths: input("lines", "backup.paths", "Of folders below `shared/`, one per line, for `files`."),
  run: input("text", "backup.run", "Command that writes the dump to stdout, for `command`."),
  "restore-command": input(
    "text",
    "backup.restore",
    "Reads the dump from stdin and brings it back, for `command`.",
  ),
};

/** The others keep accounts in a database of their own, which is not the one that is backed up. */
function needPostgres(
  given: { readonly database: string; readonly globals?: boolean },
  context: z.core.$RefinementCtx,
): void {
  if (given.globals !== true || given.database === "postgres") return;
  const message = "false, or `database: postgres` beside it";
  context.addIssue({ code: "custom", message, path: ["globals"] });
}

/** `shared/` is a folder of the leader. */
function needLeader(
  given: { readonly from: string; readonly urlFrom?: string },
  context: z.core.$RefinementCtx,
): void {
  if (given.urlFrom === undefined || given.from === "leader") return;
  const message = "no `url-from` beside `from: runner`, since the file lies on the leader";
  context.addIssue({ code: "custom", message, path: ["url-from"] });
}
