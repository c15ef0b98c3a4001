import { z } from "zod";
import { readRecipient, recipientPhrase } from "./age.ts";
import { agePhrase, readAge } from "./duration.ts";
import { choice, command, flag, list, mapping, text, whole } from "./leaves.ts";
import * as paths from "./paths.ts";
import { says } from "./says.ts";
import { largestSize, readSize, sizePhrase } from "./size.ts";
import { storeAddress, storeShape } from "./storeSchema.ts";

export const databases = ["postgres", "mysql", "mariadb", "sqlite", "files", "command"] as const;
export const databasePhrase = "postgres, mysql, mariadb, sqlite, files or command";

const secretName = () =>
  text("the name of a secret or environment variable, such as DATABASE_URL", (value) =>
    /^[A-Z_][A-Z0-9_]{0,99}$/.test(value) ? value : undefined,
  ).meta({ pattern: "^[A-Z_][A-Z0-9_]*$" });

const size = () =>
  z.union([
    z.int({ error: sizePhrase }).min(0, { error: sizePhrase }).max(largestSize, { error: sizePhrase }),
    text(sizePhrase, readSize),
  ]);

const store = () => storeAddress().meta(says("Where backups are kept: `s3://bucket/prefix` or a folder."));

const keep = {
  keep: whole(1, 1000).optional().meta(says("How many backups are kept.", 14)),
};

const storing = {
  ...storeShape,
  "encrypt-to": list(text(recipientPhrase, readRecipient), "age recipients")
    .optional()
    .meta(says("age recipients (`age1…`). Without: the backup is not encrypted.", [])),
  from: choice(["leader", "runner"])
    .optional()
    .meta(says("Where the dump is made: `runner` for a database that the runner reaches.", "leader")),
  compression: choice(["auto", "zstd", "gzip", "none"])
    .optional()
    .meta(says("`auto`: zstd where the host has it, else gzip.", "auto")),
  level: whole(1, 19).optional().meta(says("Of the compression. Without: the tool's own.")),
  "minimum-size": size().optional().meta(says("A smaller dump is refused as empty.", 64)),
  "keep-for": text(agePhrase, readAge).optional().meta(says("And every backup younger than this.")),
  ...keep,
};

const proof = {
  verify: choice(["read", "restore"])
    .optional()
    .meta(
      says(
        "`read`: read whole and read back from the store; `restore`: into a scratch copy as well.",
        "read",
      ),
    ),
};

const server = mapping({
  database: z
    .enum(["postgres", "mysql", "mariadb"], { error: databasePhrase })
    .meta(says("The database server: `postgres`, `mysql` or `mariadb`.")),
  "url-secret": secretName()
    .optional()
    .meta(says("The environment variable or secret that holds the database's URL.", "DATABASE_URL")),
  globals: flag()
    .optional()
    .meta(says("`postgres`: roles and tablespaces of the server too, without passwords.", false)),
  store: store(),
  ...storing,
  ...proof,
})
  .superRefine(needPostgres)
  .meta({ title: "backup: postgres, mysql, mariadb" });

const files = mapping({
  database: z.literal("files", { error: databasePhrase }).meta(says("Shared folders and files.")),
  paths: list(text(paths.sharedPhrase, paths.readShared), "paths")
    .refine((given) => given.length > 0, { error: "at least one path below shared/" })
    .meta(says("What is packed, below `shared/`.")),
  store: store(),
  ...storing,
  ...proof,
}).meta({ title: "backup: files" });

const sqlite = mapping({
  database: z.literal("sqlite", { error: databasePhrase }).meta(says("A SQLite file.")),
  path: text(paths.sharedPhrase, paths.readSharedFile).meta(says("The database file, below `shared/`.")),
  store: store().optional().meta(says("Where backups are kept. Without: on the leader's own disk.")),
  ...storing,
  ...proof,
})
  .superRefine(needStore)
  .meta({ title: "backup: sqlite" });

const dump = mapping({
  database: z
    .literal("command", { error: databasePhrase })
    .meta(says("Any database that a command can dump.")),
  run: command().meta(says("Writes the dump to stdout.")),
  verify: command().meta(says("Reads the dump from stdin; exits 0 when it is whole.")),
  restore: command()
    .optional()
    .meta(says("Reads the dump from stdin and brings it back; without, `deploy restore` cannot.")),
  store: store().optional().meta(says("Where backups are kept. Without: on the leader's own disk.")),
  ...storing,
})
  .superRefine(needStore)
  .meta({ title: "backup: command" });

/** The others keep accounts in a database of their own, which is not the one that is backed up. */
function needPostgres(
  given: { readonly database: string; readonly globals?: boolean | undefined },
  context: z.core.$RefinementCtx,
): void {
  if (given.globals !== true || given.database === "postgres") return;
  const message = "false, or `database: postgres` beside it";
  context.addIssue({ code: "custom", message, path: ["globals"] });
}

/** Without a store nothing encrypts, compresses or compares sizes: who asks for it must not believe that it is done. */
function needStore(given: Readonly<Record<string, unknown>>, context: z.core.$RefinementCtx): void {
  if (given.store !== undefined) return;
  const idle = Object.keys(storing).filter((key) => key !== "keep" && given[key] !== undefined);
  const asked = given.database === "sqlite" && given.verify === "restore" ? [...idle, "verify"] : idle;
  for (const key of asked.filter((key) => key !== "from" || given.from === "runner")) {
    const message = "a store beside it (without one a backup is a plain file on the leader)";
    context.addIssue({ code: "custom", message, path: [key] });
  }
}

/** The keys of `backup:`; the inputs of the backup action are the same. */
export const backup = z.discriminatedUnion("database", [server, sqlite, files, dump], {
  error: (issue) => (issue.code === "invalid_union" ? databasePhrase : "a mapping with database"),
});

export type RawBackup = z.output<typeof backup>;
