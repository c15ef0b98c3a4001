/** What is hard to dump: types, names and texts that tools get wrong. */
export const awkward = `
  create table plain (id serial primary key, body text, raw bytea, doc jsonb, at timestamptz default '2026-11-21 08:44Z');
  insert into plain (body, raw, doc) values
    (E'it''s; \\\\. -- \\t \\n "quoted" \\U0001F600 $$', '\\x00ff0a5c00', '{"a": "\\\\u00e9"}'), ('', '', '[]'), (null, null, null);
  create table "odd "" name; drop" (id int, twice int generated always as (id * 2) stored);
  insert into "odd "" name; drop" (id) select generate_series(1, 1000);
  create table empty_one ();
  create view seen as select body from plain where body <> '';
  create materialized view counted as select count(*) from plain;
  create function bump() returns trigger language plpgsql as $f$ begin new.body := coalesce(new.body, '') || '!'; return new; end $f$;
  create trigger bumped before update on plain for each row execute function bump();
  create type mood as enum ('so so', 'd''accord');
  create schema "other schema"; create table "other schema".parted (k int, m mood) partition by range (k);
  create table "other schema".part1 partition of "other schema".parted for values from (0) to (100);
  insert into "other schema".parted values (7, 'd''accord');
  create sequence counter start 41; select nextval('counter');
  select lo_from_bytea(4711, decode(repeat('00ff5c27', 5000), 'hex'));
`;
