// Applies what is new in migrations/, and writes one row per run, so that anyone can count the runs.
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { openDatabase } from "./database.mjs";

const release = basename(import.meta.dirname);
const database = openDatabase();
database.exec("begin immediate");
database.exec("create table if not exists migrations (name text primary key)");
database.exec("create table if not exists migration_runs (release text not null)");
const known = database.prepare("select name from migrations").all();
const done = new Set(known.map(({ name }) => name));
const folder = join(import.meta.dirname, "migrations");
for (const name of readdirSync(folder).sort()) {
  if (done.has(name)) continue;
  database.exec(readFileSync(join(folder, name), "utf8"));
  database.prepare("insert into migrations values (?)").run(name);
  console.log(`applied ${name}`);
}
database.prepare("insert into migration_runs values (?)").run(release);
database.exec("commit");
database.close();
