# shellcheck disable=SC2016  # backticks are SQL's here
#
# needs calm database here unbox unname words work create_database() db_exists() dump_tool() has_table() lit() refuse_sql() refuse_unfinished() sql() sql_in() tick() warn() words_of()
#
# No MySQL renames a database, but one RENAME TABLE moves any number of tables between databases, all or none. What a table
# does not carry (views, routines, triggers, events) is read out before and made anew behind it: the restored one's in the live
# database, the live one's in the database that is kept (its events disabled).
# From before the first change until after the last, the live database holds the table deploy_unfinished with all that is
# needed to end or to take back: a dump refuses such a database, and the next swap ends what was begun. The table
# deploy_moved travels with the others and tells on which side of that moment it stopped.
source_swap() {
  live=$database from=$1 keep=$2 disconnect=$3
  kept=1
  db_exists "$live" || kept=0
  [ "$kept" = 0 ] || ! has_table "$live" deploy_unfinished || recover
  db_exists "$from" || fail 66 backup-source "there is no database $from"
  refuse_unfinished "$from" restore-failed
  ! db_exists "$keep" || fail 65 restore-exists "there is a database $keep already"
  if [ "$kept" = 0 ]; then
    create_database "$live" "$from" || refuse_sql "the database $live cannot be made"
    undo=drop_live
  fi
  refuse_outside "$live"
  refuse_outside "$from"
  if [ "$disconnect" = 1 ]; then end_sessions; else refuse_busy; fi
  read_parts "$from" new
  read_parts "$live" old
  note_it
  undo=''
  move_tables || take_back "$words"
  finish_swap
  say "swapped $kept"
}

drop_live() { echo "drop database $(tick "$live");" | sql; }

# NAME: foreign keys elsewhere would follow the tables to their new place
refuse_outside() {
  found=$(printf '%s\n' "select group_concat(distinct constraint_schema, '.', table_name separator ', ') from information_schema.referential_constraints" \
    "where unique_constraint_schema = database() and binary unique_constraint_schema = binary database() and binary constraint_schema <> binary database();" | sql_in "$1") ||
    refuse_sql 'the foreign keys cannot be read'
  [ "$found" = NULL ] || fail 65 restore-failed "tables of other databases have foreign keys to tables of $1: $found"
}

using="from information_schema.processlist where id <> connection_id() and command <> 'Daemon' and db in"

refuse_busy() {
  users=$(printf '%s\n' "select group_concat(n, ' sessions of ', user, ' from ', host separator ', ') from" \
    "(select count(*) n, user, substring_index(host, ':', 1) host $using ($(lit "$live"), $(lit "$from")) group by 2, 3) s;" | sql) || refuse_sql 'the sessions cannot be listed'
  [ "$users" = NULL ] || fail 75 restore-busy "the database is in use: $users"
}

end_sessions() {
  echo "select concat('kill ', id, ';') $using ($(lit "$live"), $(lit "$from"));" | sql >"$work/kills" || refuse_sql 'the sessions cannot be listed'
  sql --force <"$work/kills" >/dev/null
}

# NAME old|new: what acts by itself (triggers, events), and what is asked (routines, views), as SQL that names no database
read_parts() {
  dump_tool --no-data --no-create-info --skip-comments --triggers --events -- "$1" >"$work/$2.acts" 2>"$work/sql.err" &&
    dump_tool --no-data --no-create-info --skip-comments --skip-triggers --routines -- "$1" >"$work/$2.rest" 2>"$work/sql.err" &&
    echo "select table_name from information_schema.tables where $here and table_type = 'VIEW' order by table_name;" | sql_in "$1" --raw >"$work/views" ||
    refuse_sql "the routines and triggers of $1 cannot be read"
  [ ! -s "$work/views" ] || read_views "$@"
}

read_views() {
  part=$2
  set -- "$1"
  while IFS= read -r view; do set -- "$@" "$view"; done <"$work/views"
  dump_tool --no-data --skip-comments --skip-triggers -- "$@" >>"$work/$part.rest" 2>"$work/sql.err" || refuse_sql "the views of $1 cannot be read"
}

# Writes down what is about to be done, where it will be found: the first change.
note_it() {
  {
    echo "create table deploy_unfinished (part varchar(20) primary key, content longblob not null) engine=InnoDB comment 'a restore into this database was not finished';"
    echo "insert into deploy_unfinished values ('from', $(lit "$from")), ('keep', $(lit "$keep")), ('kept', '$kept');"
    for part in new.acts new.rest old.acts old.rest; do
      printf "insert into deploy_unfinished values ('%s', x'" "$part"
      hex <"$work/$part"
      echo "');"
    done
  } | sql_in "$live" || {
    words_of sql
    echo 'drop table if exists deploy_unfinished;' | sql_in "$live"
    fail 65 restore-failed "nothing can be written to $live: $words"
  }
}

# All of it in one session, the last statement being the one that counts. Waits for a quarter of a minute for each lock.
move_tables() {
  {
    [ "$kept" = 0 ] || create_database "$keep" "$live"
  } && {
    echo 'create table deploy_moved (nothing int) engine=InnoDB;' | sql_in "$from" &&
      drops_of "$live" acts >"$work/move" && drops_of "$from" acts >>"$work/move" && rename_of >>"$work/move" &&
      { echo 'set session lock_wait_timeout = 15;'; cat "$work/move"; } | sql
  } || {
    words_of sql
    return 1
  }
}

# NAME acts|all -> the statements that drop what is no table. Nothing else in this file drops anything of the user's.
drops_of() {
  printf '%s\n' "select concat('drop ', kind, ' if exists ', concat('\`', replace(database(), '\`', '\`\`'), '\`.\`', replace(name, '\`', '\`\`'), '\`;')) from (" \
    "select 'trigger' kind, trigger_name name from information_schema.triggers where trigger_schema = database() and binary trigger_schema = binary database()" \
    "union all select 'event', event_name from information_schema.events where event_schema = database() and binary event_schema = binary database()" >"$work/drops"
  [ "$2" = acts ] ||
    printf '%s\n' "union all select 'view', table_name from information_schema.views where $here" \
      "union all select lower(routine_type), routine_name from information_schema.routines where routine_schema = database() and binary routine_schema = binary database() and routine_type <> 'PACKAGE BODY'" >>"$work/drops"
  echo ') parts;' >>"$work/drops"
  sql_in "$1" --raw <"$work/drops"
}

rename_of() {
  : >"$work/moves"
  [ "$kept" = 0 ] || moves_of "$live" "$keep" >>"$work/moves" || return 1
  moves_of "$from" "$live" >>"$work/moves" || return 1
  sed -e '1s/^/rename table /' -e '$!s/$/,/' -e '$s/$/;/' "$work/moves"
}

# FROM TO: every table and sequence, a line each
moves_of() {
  printf '%s\n' "select concat('\`', replace(database(), '\`', '\`\`'), '\`.\`', replace(table_name, '\`', '\`\`'), '\` to ', convert($(lit "$(tick "$2")") using utf8mb4), '.\`', replace(table_name, '\`', '\`\`'), '\`')" \
    "from information_schema.tables where $here and table_type <> 'VIEW' and table_name <> 'deploy_unfinished' order by table_name;" | sql_in "$1" --raw
}

# NAME FILE: makes what was read out
make_parts() { sed -e "$unbox" -e "$unname" "$2" | sql_in "$1" >/dev/null; }

# WHY: the tables were not moved.
take_back() {
  why=$1
  put_back
  case $why in *'ERROR 1205'*) fail 75 restore-busy "its tables are in use, nothing was changed: $why" ;; esac
  fail 65 restore-failed "the tables were not moved, nothing was changed: $why"
}

# What was dropped comes back, what was made goes.
put_back() {
  put_parts "$live" old
  put_parts "$from" new
  echo 'drop table if exists deploy_moved;' | sql_in "$from"
  [ "$kept" = 0 ] || drop_empty "$keep"
  echo 'drop table if exists deploy_unfinished;' | sql_in "$live"
  [ "$kept" = 1 ] || drop_empty "$live"
}

put_parts() {
  step "$1" acts && make_parts "$1" "$work/$2.acts" || {
    words_of sql
    fail 65 restore-failed "the tables were not moved, and the triggers and events of $1 could not be made again; run it again, which begins with them: $words"
  }
}

# NAME: only where it holds no table
drop_empty() {
  db_exists "$1" || return 0
  found=$(echo "select count(*) from information_schema.tables where $here and table_type <> 'VIEW';" | sql_in "$1") && [ "$found" = 0 ] || return 1
  echo "drop database $(tick "$1");" | sql
}

# The tables are where they belong. Each step may be done twice.
finish_swap() {
  step "$live" all && make_parts "$live" "$work/new.rest" && make_parts "$live" "$work/new.acts" || half_way
  if [ "$kept" = 1 ]; then
    sed "$calm" "$work/old.acts" >"$work/old.still"
    step "$keep" all && make_parts "$keep" "$work/old.rest" && make_parts "$keep" "$work/old.still" ||
      warn "not all views, routines and triggers could be made in $keep: $(words_of sql; echo "$words")"
  fi
  drop_empty "$from" || warn "$from is left over"
  echo 'drop table if exists deploy_moved, deploy_unfinished;' | sql_in "$live" || half_way
}

step() { drops_of "$1" "$2" >"$work/again" && sql <"$work/again" >/dev/null; }

half_way() {
  words_of sql
  fail 65 restore-failed "the tables of $live are the restored ones, but its views, routines, triggers and events are not all there yet: run it again, which begins with them: $words"
}

# An earlier swap stopped in between: ended if its tables were moved, taken back if not.
recover() {
  now_from=$from now_keep=$keep
  for part in new.acts new.rest old.acts old.rest from keep kept; do
    echo "select content from deploy_unfinished where part = '$part';" | sql_in "$live" --raw >"$work/$part" && [ -s "$work/$part" ] || refuse_unfinished "$live" restore-failed
  done
  IFS= read -r from <"$work/from"
  IFS= read -r keep <"$work/keep"
  IFS= read -r kept <"$work/kept"
  if has_table "$live" deploy_moved; then
    finish_swap
    warn "an earlier swap was ended first: what was in $live before it is in $keep"
    kept=1
  else
    put_back
    db_exists "$live" || kept=0
  fi
  from=$now_from keep=$now_keep
}
