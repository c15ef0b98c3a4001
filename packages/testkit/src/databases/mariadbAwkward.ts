import { everyByte } from "./bytes.ts";

/**
 * What is hard to dump from MySQL and MariaDB: types, names and texts that tools get wrong. For an empty database. Identifiers hold
 * no emoji there: the server takes none beyond U+FFFF.
 */
export function awkwardMariadb(): string {
  return `
  create table plain (id int auto_increment primary key, body text, raw longblob, doc json, at timestamp(6) null);
  insert into plain (body, raw, doc, at) values
    ('it''s; \\\\. -- \\t \\n \\r "quoted" \\0 \\Z 😀 \`tick\` %s $$ /* */ DELIMITER ;;', x'${everyByte()}', '{"a": "\\\\u00e9😀"}', '2026-11-21 08:44:50.123456'),
    ('', '', '[]', null), (null, null, null, null), ('NULL', x'4e554c4c', '"\\\\\\\\"', '1970-01-02 00:00:00');
  alter table plain auto_increment = 4711;
  create table \`select\` (\`order\` int primary key, \`from\` varchar(20) character set latin1, kind enum('so so', 'd''accord'), bits bit(9), money decimal(30,10), \`real\` double);
  insert into \`select\` values (0, 'naïve', 'd''accord', b'101010101', -12345678901234567890.0123456789, 1e-300), (-1, null, null, null, null, null);
  create table \`odd "name" it''s; \\\\ \`\`tick\`\` ☃ -- drop\` (\`a b\` int, twice int generated always as (\`a b\` * 2) stored, more int as (\`a b\` + 1) virtual);
  insert into \`odd "name" it''s; \\\\ \`\`tick\`\` ☃ -- drop\` (\`a b\`) select seq from seq_1_to_1000;
  create table empty_one (a int);
  create table ring_one (id int primary key, next int);
  create table ring_two (id int primary key, next int, constraint to_one foreign key (next) references ring_one (id));
  alter table ring_one add constraint to_two foreign key (next) references ring_two (id) on delete set null;
  insert into ring_one values (1, null); insert into ring_two values (1, 1); update ring_one set next = 1;
  create table parted (k int) partition by range (k) (partition low values less than (10), partition high values less than maxvalue);
  insert into parted values (7), (70);
  create sequence counter start with 41 nocache; select nextval(counter);
  create view a_first as select 1 as n;
  create view seen as select id, body from plain where body <> '';
  create or replace view a_first as select count(*) as n from seen;
  create table log (what varchar(100));
  delimiter //
  create function twice(x int) returns int deterministic return x * 2//
  create procedure \`it's "odd"\`(in a text) begin insert into log values (concat('; // ', a, char(92))); end//
  create trigger bumped before insert on empty_one for each row begin insert into log values ('first;'); set new.a = twice(new.a); end//
  create trigger bumped_again before insert on empty_one for each row follows bumped insert into log values ('then')//
  create event tick on schedule every 1 day starts '2030-01-01 00:00:00' on completion preserve enable comment 'it''s' do delete from log//
  create event never on schedule every 1 day starts '2030-01-01 00:00:00' disable do delete from log//
  delimiter ;
  alter database collate utf8mb4_bin;
  `;
}
