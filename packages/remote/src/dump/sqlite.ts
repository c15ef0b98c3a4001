import { checkPath } from "../check.ts";
import { scripts } from "../scripts.gen.ts";
import { checkAbsolute } from "./check.ts";
import type { Driver } from "./driver.ts";

export interface SqliteSource {
  readonly kind: "sqlite";
  /** Absolute on the host. */
  readonly path: string;
}

/** A database is a file, and its name an absolute path. */
export const sqliteDriver: Driver<SqliteSource> = {
  script: scripts.dumpSqlite,
  source: ({ path }, { shared }) => ({ kind: "sqlite", path: `${shared()}/${path}` }),
  args: ({ path }) => [checkAbsolute(path)],
  name: checkAbsolute,
  nameOf: ({ path }) => path,
  form: "sqlite",
  tables: true,
  local: ({ path }) => [checkPath(path)],
};
