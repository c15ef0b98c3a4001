// The one place that knows where the database is: shared/.env, linked into every release.
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

process.loadEnvFile(join(import.meta.dirname, ".env"));

export const openDatabase = () => new DatabaseSync(process.env.DATABASE);

export function countOf(database, table) {
  const row = database.prepare(`select count(*) as count from ${table}`).get();
  return row.count;
}
