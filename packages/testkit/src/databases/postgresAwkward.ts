import { everyByte } from "./bytes.ts";

/** What is hard to dump from PostgreSQL: types, names and texts that tools get wrong. For an empty database; makes no roles. */
export function awkwardPostgres(): string {
  return `
  create table plain (id serial primary key, body text, raw bytea, doc jsonb, at timestamptz default '2026-11-21 08:44Z');
  insert into plain (body, raw, doc) values
    (E'it''s; \\\\. -- \\t \\n \\r "quoted" \\\\000 \\U0001F600 $$ %s /* */', '\\x${everyByte()}', '{"a": "\\\\u00e9"}'),
    ('', '', '[]'), (null, null, null), ('NULL', '\\x4e554c4c', '"\\\\\\\\"');
  create table "odd "" name; drop 😀" (id int, twice int generated always as (id * 2) stored);
  insert into "odd "" name; drop 😀" (id) select generate_series(1, 1000);
  create table "select" ("order" int, "from" numeric(30, 10), "end" timestamp, kinds text[]);
  insert into "select" values (0, -12345678901234567890.0123456789, '1970-01-01', '{NULL,"NULL","a,b"}'), (null, null, 'infinity', null);
  create table empty_one ();
  create table ring_one (id int primary key, next int);
  create table ring_two (id int primary key, next int references ring_one deferrable initially deferred);
  alter table ring_one add foreign key (next) references ring_two deferrable initially deferred;
  begin; insert into ring_one values (1, 1); insert into ring_two values (1, 1); commit;
  create view a_first as select 1::bigint as n;
  create view seen as select body from plain where body <> '';
  create or replace view a_first as select count(*) as n from seen;
  create materialized view counted as select count(*) from plain;
  create function bump() returns trigger language plpgsql as $f$ begin new.body := coalesce(new.body, '') || '!;'; return new; end $f$;
  create trigger bumped before update on plain for each row execute function bump();
  create type mood as enum ('so so', 'd''accord');
  create schema "other schema"; create table "other schema".parted (k int, m mood) partition by range (k);
  create table "other schema".part1 partition of "other schema".parted for values from (0) to (100);
  insert into "other schema".parted values (7, 'd''accord');
  create sequence counter start 41; select nextval('counter');
  select lo_from_bytea(4711, decode(repeat('${everyByte()}', 500), 'hex'));
  `;
}
