import * as z from "zod";
import { section } from "../section.ts";
import { type Named, named } from "../values/mapping.ts";
import { gatherStore } from "../values/store.ts";
import { checkBackup } from "./check.ts";
import { type DatabaseKind, databaseInputs, databasePhrase, databases, kinds } from "./databases.ts";
import { type storing, storingInputs } from "./storing.ts";

const keys = z
  .discriminatedUnion("database", kinds, {
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

/** What is said of a source of this kind. */
export type SourceConfig<K extends DatabaseKind, B = BackupSource> = B extends { readonly database: infer D }
  ? K extends D
    ? B & { readonly database: K }
    : never
  : never;

export const backup = section({
  keys: { backup: keys.optional().describe("The backup made and verified before the migration.") },
  phrases: { [databasePhrase]: { near: databases, planned: ["mongodb", "redis"] } },
  inputs: { ...databaseInputs, ...storingInputs },
  check: checkBackup,
});
