import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { driverContract } from "@deploy/testkit";

const awkward = `
create table orders (id integer primary key, note text, body blob, twice integer generated always as (id * 2) stored);
insert into orders (id, note, body) values (1, 'it''s "quoted" \\ $(not run)', x'00ff0a0d00'),
  (2, '😀 naïve ' || char(10) || ' two lines', zeroblob(5000)), (3, null, null);
create table "odd ""name" (a);
create view big as select * from orders where id > 1;
create trigger stamp after insert on orders begin update orders set note = 'new' where id = new.id; end;
create virtual table words using fts5(text); insert into words values ('full text');
insert into orders (id) with recursive n(i) as (select 10 union all select i + 1 from n where i < 3000) select i from n;
`;

function lite(path: string, statements: string): string {
  return execFileSync("sqlite3", [path], { encoding: "utf8", input: statements });
}

driverContract("sqlite", ["sqlite3"], async ({ host }) => {
  const folder = join(host.files, "data");
  const at = (file: string) => join(folder, file);
  const of = (file: string) => ({ kind: "sqlite", path: at(file) }) as const;
  const name = at("it's a shop.db");
  mkdirSync(folder);
  lite(name, awkward);
  lite(at("other.db"), "create table other (a);");
  writeFileSync(at("empty.db"), "");
  writeFileSync(at("text.db"), "no database, but long enough to be read as one ".repeat(100));
  return {
    ...{ source: of("it's a shop.db"), name, beside: at("beside.db"), other: of("other.db") },
    look: async (path) => lite(path, "pragma integrity_check;\n.dump\n"),
    names: async () => readdirSync(folder).sort(),
    spoil: async () => void lite(name, "delete from orders; create table bad (x);"),
    drop: async (path) => rmSync(path),
    byHand: async (dump) => cpSync(dump, name),
    refused: { nothing: of("none.db"), "an empty file": of("empty.db"), "another file": of("text.db") },
    tools: [["sqlite3"]],
    dumper: { program: "sqlite3", args: "*.backup*", half: '"$real" "$@" && truncate -s 20480 copy' },
  };
});
