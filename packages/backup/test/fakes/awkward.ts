/** Rows that dumps have been known to lose: binary, NULs, quotes, emoji, generated columns, triggers, views, an empty table. */
export const awkward = `
create table orders (id integer primary key, note text, body blob, twice integer generated always as (id * 2) stored);
insert into orders (id, note, body) values
  (1, 'it''s "quoted" \\ and $(not run)', x'00ff0a0d00'),
  (2, '😀 naïve ' || char(10) || ' two lines', zeroblob(5000)),
  (3, null, null);
create table "odd ""name" (a);
create view big as select * from orders where id > 1;
create trigger stamp after insert on orders begin update orders set note = 'new' where id = new.id; end;
insert into orders (id) with recursive n(i) as (select 10 union all select i + 1 from n where i < 3000) select i from n;
`;
