# shellcheck disable=SC2016  # backticks are SQL's here
#
# needs bases client database here into keep_going plain_owners sum words work dump_tool() look_at_server() sql() sql_in() warn() words_of()
# sets calm unbox unname
#
# The way back for dumpMysql.sh. A database that is not whole holds the table deploy_unfinished, until the last moment.

lit() { printf "_utf8mb4 x'%s'" "$(printf '%s' "$1" | hex)"; }
tick() { printf '`%s`' "$(printf '%s' "$1" | sed 's/`/``/g')"; }

refuse_sql() {
  words_of sql
  fail 65 restore-failed "$1: $words"
}

# NAME: whether there is such a database
db_exists() {
  found=$(printf '%s\n' "select count(*) from information_schema.schemata where schema_name = $(lit "$1")" \
    "and (binary schema_name = $(lit "$1") or @@lower_case_table_names <> 0);" | sql) || refuse_sql 'the databases cannot be listed'
  [ "$found" = 1 ]
}

# NAME LIKE: with the character set of another one, where that is there
create_database() {
  charset=$(printf '%s\n' "select concat(' character set ', default_character_set_name, ' collate ', default_collation_name)" \
    "from information_schema.schemata where schema_name = $(lit "$2");" | sql | head -n 1)
  echo "create database $(tick "$1")${charset:- character set utf8mb4};" | sql
}

source_restore_begin() {
  create_database "$into" "$database" || {
    words_of sql
    case $words in *'ERROR 1007'*) fail 65 restore-exists "there is a database $into already" ;; esac
    fail 65 restore-failed "no database can be made for $into: $words"
  }
  undo=drop_into
  echo "create table deploy_unfinished (note int) comment 'a restore into this database was not finished';" | sql_in "$into" || refuse_sql "$into cannot be written"
}

drop_into() { echo "drop database if exists $(tick "$into");" | sql; }

# A dump names the database it came from where it sets a character set for a routine: that would change the live one. The
# client reads no commands in --binary-mode, so it needs no sandbox, whose name others do not know.
unname='s/^ALTER DATABASE `\([^`]\|``\)*` CHARACTER SET /ALTER DATABASE CHARACTER SET /'
unbox='/^\/\*M\{0,1\}!999999\\- enable the sandbox mode \*\/ *$/d'

# Lines as both tools write them; no row begins like this.
undefine='/^\(\/\*!50[01][01][36] CREATE\*\/ \/\*!50[0-9]* DEFINER=\|\/\*!50013 DEFINER=\|CREATE DEFINER=\)/s/DEFINER=`\([^`]\|``\)*`@`\([^`]\|``\)*`//'

# In a copy that is only looked at, nothing acts by itself.
calm='/^\/\*!50106 CREATE/s/ PRESERVE ENABLE / PRESERVE DISABLE /'
# For a comparison: whatever it was
uncalm='/^\/\*!50106 CREATE/s/ PRESERVE \(DISABLE ON [A-Z]*\|DISABLE\|SLAVESIDE_DISABLED\) / PRESERVE ENABLE /'

# What was legal when it was made is so now: checks and rows of older modes, tables without keys. Not all servers know or
# allow all of these. On one line, as the numbers of lines are told.
weak_session() {
  for setting in 'innodb_strict_mode = 0' 'check_constraint_checks = 0' 'sql_require_primary_key = 0' 'sql_generate_invisible_primary_key = 0' \
    'restrict_fk_on_non_standard_key = 0' 'max_statement_time = 0'; do
    ! echo "set session $setting;" | sql || printf 'set session %s; ' "$setting"
  done
  echo
}

source_restore() {
  set -- -e '1{' -e "$unbox" -e '}' -e "$unname"
  case $into in *_deploy_verify_*) set -- "$@" -e "$calm" ;; esac
  [ "$plain_owners" = 1 ] || set -- "$@" -e "$undefine"
  {
    weak_session
    sed "$@" 2>"$work/sed.err"
    echo "$?" >"$work/sed.rc"
  } | load
  loaded=$?
  [ "$loaded" = 0 ] || return "$loaded"
  [ "$(cat "$work/sed.rc")" = 0 ] || {
    cat "$work/sed.err" >&2
    return 1
  }
}

# Whose connection ended did not go on.
load() {
  set -- --defaults-file="$work/my.cnf" --default-character-set=utf8mb4 --binary-mode --max-allowed-packet=1073741824 --database="$into"
  if [ "$keep_going" = 0 ]; then
    "$client" "$@"
    return $?
  fi
  "$client" "$@" --force 2>"$work/on.err"
  code=$?
  if grep '^ERROR ' "$work/on.err" >"$work/failures" && ! grep -q '^ERROR 20[01][0-9] ' "$work/failures"; then return 0; fi
  cat "$work/on.err" >&2
  return "$code"
}

source_restore_end() {
  tell_events
  # One that is not whole keeps its mark: it is neither dumped nor swapped.
  whole='drop table deploy_unfinished;'
  [ ! -s "$work/failures" ] || whole=''
  tables=$(printf '%s\n' "$whole" "select count(*) from information_schema.tables where $here and $bases and table_name <> 'deploy_unfinished';" | sql_in "$into") ||
    refuse_sql 'the tables cannot be counted'
  undo=''
}

tell_events() {
  found=$(printf '%s\n' "select count(*) from information_schema.events where event_schema = database() and binary event_schema = binary database()" \
    "and status = 'ENABLED' and @@global.event_scheduler = 'ON';" | sql_in "$into") || found=0
  [ "$found" = 0 ] || warn "the events of $into are enabled ($found), as they were in the dump"
}

# Exact, in one snapshot. What differs between equal databases is left out of the schema: counters, definers, an event's status.
source_count() {
  look_at_server "$1"
  printf '%s\n' "select 'start transaction with consistent snapshot;';" \
    "select concat('select concat(''rows ', hex(convert(table_name using utf8mb4)), ' '', count(*)) from \`', replace(table_name, '\`', '\`\`'), '\`;')" \
    "from information_schema.tables where $here and $bases order by binary table_name;" | sql_in "$1" --raw >"$work/counting" &&
    sql_in "$1" <"$work/counting" >"$work/rows" || cannot_count "$1"
  dump_tool --no-data --routines --triggers --events --skip-comments -- "$1" >"$work/schema" 2>"$work/sql.err" || cannot_count "$1"
  sed -e "$unname" -e "$undefine" -e 's/^\() ENGINE=.*\) AUTO_INCREMENT=[0-9]*/\1/' -e '/^\(DO\|SELECT\) SETVAL(/d' \
    -e "$uncalm" "$work/schema" >"$work/schema.plain"
  sha_of "$work/schema.plain"
  say "schema $sum"
  cat "$work/rows"
}

cannot_count() {
  words_of sql
  fail 65 backup-source "$1 cannot be counted: $words"
}

# Of any database of this server: whose it is, its name tells.
source_left() {
  printf '%s\n' "select concat('left ', lower(hex(convert(s.schema_name using utf8mb4))), ' ', coalesce(sum(t.data_length + t.index_length), 0))" \
    "from information_schema.schemata s left join information_schema.tables t on t.table_schema = s.schema_name" \
    "where s.schema_name regexp '_(before|incomplete|deploy_restore)_[0-9a-f]{4}$' group by s.schema_name order by s.schema_name;" | sql ||
    refuse_sql 'the databases cannot be listed'
}

source_drop() {
  echo "drop database if exists $(tick "$1");" | sql || refuse_sql "$1 cannot be dropped"
}
