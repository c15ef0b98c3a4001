import { z } from "zod";
import { section } from "../section.ts";
import { type Named, named } from "../values/mapping.ts";
import { gatherStore } from "../values/store.ts";
import { checkBackup } from "./check.ts";
import { databaseInputs, databasePhrase, databases, dump, files, server, sqlite } from "./databases.ts";
import { type storing, storingInputs } from "./storing.ts";

const keys = z
  .discriminatedUnion("database", [server, sqlite, files, dump], {
    error: (issue) => (issue.code === "invalid_union" ? databasePhrase : "a mapping with database"),
  })
  .transform(({ store, minimumSize: minimum, ...given }) => {
    const kept = { ...gatherStore(store, given), minimum };
    // A command of the user's verifies; nobody else could restore what it wrote.
    if (kept.database === "command") return named({ ...kept, proof: "read" as const });
    const { verify: proof, ...others } = kept;
    return named({ ...others, proof });
  });

/** What is backed up, where it goes, how it is proved and how long it stays. Paths are below `shared/`, sizes in bytes, times in milliseconds. */
export type Backup = z.output<typeof keys>;

type Kept = keyof Named<typeof storing> | "store" | "minimum" | "proof";
type Source<Of> = Of extends Backup ? Omit<Of, Kept> : never;
/** What is backed up. */
export type BackupSource = Source<Backup>;

export const backup = section({
  keys: { backup: keys.optional().describe("The backup made and verified before the migration.") },
  phrases: { [databasePhrase]: { near: databases, planned: ["mongodb", "redis"] } },
  inputs: { ...databaseInputs, ...storingInputs },
  check: checkBackup,
});
