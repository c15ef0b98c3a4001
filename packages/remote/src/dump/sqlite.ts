import { scripts } from "../scripts.gen.ts";
import { checkAbsolute } from "./check.ts";
import type { Driver } from "./driver.ts";

/** A database is a file, and its name an absolute path. */
export const sqliteDriver: Driver<"sqlite"> = {
  script: scripts.dumpSqlite,
  args: ({ path }) => [checkAbsolute(path)],
  name: checkAbsolute,
};
