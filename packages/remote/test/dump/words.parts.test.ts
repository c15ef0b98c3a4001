import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { shells } from "./shells.ts";

const script = join(import.meta.dirname, "../../scripts/dump/words.sh");
const nothing = "(what it said may hold rows, so it is not shown)\n";

/** What a client prints, and what of it may be shown; `bob` stands for what a row holds. */
const said: readonly (readonly [string, string])[] = [
  [
    'psql: error: connection to server on socket "/a/b" failed: FATAL:  database "shop" does not exist',
    'psql: error: connection to server on socket "/a/b" failed: FATAL:  database "shop" does not exist\n',
  ],
  [
    'pg_restore: error: COPY failed for table "t": ERROR:  new row for relation "t" violates check constraint "c"\nDETAIL:  Failing row contains (1, bob).\nCONTEXT:  COPY t, line 1: "1\tbob"',
    'pg_restore: error: COPY failed for table "t": ERROR:  new row for relation "t" violates check constraint "c"\n',
  ],
  [
    'pg_restore: error: could not execute query: ERROR:  could not create unique index "i"\nDETAIL:  Key (email)=(bob) is duplicated.\npg_restore: detail: Command was: insert bob\nCommand was: insert bob',
    'pg_restore: error: could not execute query: ERROR:  could not create unique index "i"\n',
  ],
  [
    'psql:<stdin>:3: ERROR:  invalid input syntax for type integer: "x" or "bob',
    "psql:<stdin>:3: ERROR:  invalid input syntax for type integer: ...\n",
  ],
  [
    'psql:<stdin>:3: ERROR:  value "" bob" is out of range for type integer',
    "psql:<stdin>:3: ERROR:  value ...\n",
  ],
  [
    "psql:<stdin>:3: FEHLER:  Eingabesyntax für Typ integer: »bob«",
    "psql:<stdin>:3: FEHLER:  Eingabesyntax für Typ integer: ...\n",
  ],
  [
    "psql:<stdin>:1: ERROR:  bob is bad\nCONTEXT:  PL/pgSQL function f() line 1 at RAISE",
    "psql:<stdin>:1: ERROR\n",
  ],
  [
    "--------------\nINSERT INTO `t` VALUES (1,'bob')\n--------------\n\nERROR 1062 (23000) at line 45: Duplicate entry 'a' for key 'bob' for key 't.email'",
    "ERROR 1062 (23000) at line 45: Duplicate entry ... for key 't.email'\n",
  ],
  [
    "ERROR 1062 (23000) at line 45: Duplicate entry 'two\nbob' for key 't.email'",
    "ERROR 1062 (23000) at line 45: Duplicate entry ...\n",
  ],
  [
    "ERROR 1366 (22007) at line 4: Incorrect integer value: 'bob' for column `a`.`b`.`c` at row 1",
    "ERROR 1366 (22007) at line 4: Incorrect integer value: ... for column `a`.`b`.`c` at row 1\n",
  ],
  [
    "ERROR 1064 (42000) at line 1: You have an error in your SQL syntax near ''bob' at line 1",
    "ERROR 1064 (42000) at line 1: You have an error in your SQL syntax near ...\n",
  ],
  ["ERROR 1644 (45000) at line 1: bob is bad", "ERROR 1644 (45000) at line 1\n"],
  [
    "ERROR 1045 (28000): Access denied for user 'shop'@'localhost' (using password: YES)",
    "ERROR 1045 (28000): Access denied for user 'shop'@'localhost' (using password: YES)\n",
  ],
  [
    "mysqldump: Got error: 1049: \"Unknown database 'shop'\" when selecting the database",
    "mysqldump: Got error: 1049: Unknown database 'shop'\" when selecting the database\n",
  ],
  [
    "Runtime error near line 1: UNIQUE constraint failed: t.email (19)\n  insert into t values ('bob')",
    "Runtime error near line 1: UNIQUE constraint failed: t.email (19)\n",
  ],
  ['Parse error near line 1: no such column: "bob"', "Parse error near line 1: no such column: ...\n"],
  ["bob", nothing],
  ["", ""],
];

test.each(shells)("of what a database's client says, no value is shown on $name", ({ sh, busybox }) => {
  const folder = mkdtempSync(join(tmpdir(), "words-"));
  const file = join(folder, "said");
  const tools = busybox ? 'sed() { "$0" sed "$@"; }; grep() { "$0" grep "$@"; };' : "";
  const [shell, ...more] = busybox ? [sh, "sh"] : [sh];
  const shown = said.map(([text]) => {
    writeFileSync(file, text === "" ? "" : `${text}\n`);
    const args = [...more, "-c", `${tools} . "$1"; source_words "$2"`, sh, script, file];
    return [text, execFileSync(shell, args, { encoding: "utf8", env: { ...process.env, LC_ALL: "C" } })];
  });
  rmSync(folder, { recursive: true });
  expect(shown).toEqual(said);
});
