import { databaseKinds } from "@deploy/remote";
import type { Extension } from "../extension.ts";

const url = "an example of a URL";
const tools = "the scripts of its driver";

export const database: Extension = {
  mark: "database driver",
  names: databaseKinds,
  limit: 5,
  places: [
    { path: "packages/core/src/config/backup/databases.ts", what: "its keys" },
    { path: "packages/core/src/steps/backupWords.ts", what: "its words; without them it does not compile" },
    {
      path: "packages/remote/src/dump/<name>.ts",
      what: "its driver: where it lies, its arguments, its name, its dumps, its URL",
    },
    { path: "packages/remote/src/dump/drivers.ts", what: "its line; without one it does not compile" },
    {
      path: "test/backup/drivers/<name>.parts.test.ts",
      what: "its row of the contract; held by `all.test.ts`",
    },
  ],
  files: { mariadb: ["mysql"] },
  plain: ["postgres", "mysql", "mariadb", "sqlite"],
  speaks: (name) => [new RegExp(`\\b(database|kind)\\b\\s*(:|={2,3}|!==)\\s*"${name}"`)],
  others: {
    "scripts/lib/skeletons.ts": "what a new Laravel says of it",
    "packages/cli/src/init/stacks/laravel.ts": "knows a new project's own file",
    "README.md": "shows a config with one",
    "actions/backup/README.md": "shows a config with one",
    "packages/core/src/config/backup/backup.ts": "what a command dumps can only be read by a command",
    "packages/core/src/errors/backup.ts": url,
    "packages/core/src/doctor/questions/appDatabase.ts":
      "reads the app's own URL, which is none of a backup's",
    "packages/backup/src/url/uri.ts": url,
    "packages/action-kit/src/database.ts": url,
    "actions/migrate/src/inputs.ts": url,
    "packages/remote/scripts/dump/dumpMysql.sh": tools,
    "packages/remote/scripts/dump/dumpSqlite.sh": tools,
    "packages/remote/scripts/dump/restorePostgres.sh": tools,
    "packages/remote/scripts/dump/words.sh": "how each client begins a line",
    "packages/remote/scripts/dump/restoreSqlite.sh": tools,
    "packages/remote/scripts/dump/onLeader.sh": "dumps those that may lie on the leader's own disk",
  },
};
