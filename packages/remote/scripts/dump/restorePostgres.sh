# shellcheck disable=SC2016  # psql's own \$ and quotes are wanted as they are
# shellcheck disable=SC2030,SC2031  # one subshell has a database of its own
#
# needs client database disconnect from_tables into keep_going made_by plain_owners server_major sum words work look_at_server() major_of() match_client() read_client() sql() tls_option() use_folder() warn() words_of()
#
# The way back for dumpPostgres.sh. SQL that names a database takes it as a psql variable, quoted by psql (:"x", :'x')
# or by format's %I and %L.

# DATABASE… -> PGDATABASE, the first that lets us in
enter_one() {
  said=''
  for name in "$@"; do
    export PGDATABASE="$name"
    if echo 'select 1;' | sql >/dev/null; then return 0; fi
    words_of sql
    said="$said $words$(tls_option)"
  done
  fail 65 backup-source "psql could not reach the server:$said"
}

# What psql said, as a failure of the restore.
refuse_sql() {
  words_of sql
  fail 65 restore-failed "$1: $words"
}

# NAME: whether there is such a database
exists() {
  found=$(echo "select count(*) from pg_database where datname = :'name';" | sql -v name="$1") || refuse_sql 'the databases cannot be listed'
  [ "$found" = 1 ]
}

source_restore_begin() {
  live=$database
  enter_one postgres "$live" template1
  look_at_server
  match_reader
  ! exists "$into" || fail 65 restore-exists "there is a database $into already"
  left=$(echo "select string_agg(quote_ident(datname), ', ') from pg_database where datname ~ '^deploy_partial_[0-9_]+$';" | sql)
  [ -z "$left" ] || warn "a restore that was cut, or still runs, has made $left"
  partial=deploy_partial_$$_$(date +%s)
  undo=drop_partial
  make_database || refuse_sql "no database can be made for $into"
}

# Archives have another form since 16, and since 17, which older clients do not read.
match_reader() {
  given=$PATH needed=0
  match_client
  fits=$major
  if major_of "${made_by#pg_dump }" && [ "$major" -ge 1600 ]; then
    needed=$((major < 1700 ? 16 : 17))
  fi
  major=$fits
  [ "$major" -lt $((needed * 100)) ] || return 0
  PATH=$given
  read_client
  for newer in $needed $((needed + 1)) $((needed + 2)); do
    [ "$major" -lt $((needed * 100)) ] || return 0
    ! use_folder "$newer" || read_client
  done
  [ "$major" -ge $((needed * 100)) ] ||
    fail 65 backup-client-old "the backup was made by $made_by, and pg_restore $client does not read it: install the client of PostgreSQL $needed or newer"
}

# Encoding and locale are those of the database it is a copy of, where that still exists.
make_database() {
  printf '%s\n' \
    "select format('create database %I template template0', :'partial')" \
    "|| coalesce((select format(' encoding %L lc_collate %L lc_ctype %L', pg_encoding_to_char(d.encoding), d.datcollate, d.datctype)" \
    "|| case to_jsonb(d)->>'datlocprovider'" \
    "when 'i' then format(' locale_provider icu icu_locale %L', coalesce(to_jsonb(d)->>'datlocale', to_jsonb(d)->>'daticulocale'))" \
    "when 'b' then format(' locale_provider builtin builtin_locale %L', to_jsonb(d)->>'datlocale') else '' end" \
    "from pg_database d where d.datname = :'live'), '') \\gexec" |
    sql -v partial="$partial" -v live="$live"
}

drop_partial() {
  echo 'drop database if exists :"partial";' | sql -v partial="$partial" >/dev/null
}

source_restore() {
  set -- -w
  [ "$plain_owners" = 1 ] || set -- "$@" --no-owner --no-privileges
  if [ "$keep_going" = 1 ]; then
    restore_on "$@"
  elif [ "$major" -ge 1700 ] && [ "$server_major" -lt 1700 ]; then
    restore_text "$@"
  else
    pg_restore --exit-on-error -d "$partial" "$@"
  fi
}

# Clients since 17 begin with a setting that older servers do not know.
restore_text() {
  {
    pg_restore -f - "$@"
    echo "$?" >"$work/text.rc"
  } | {
    sed -e '1,99{' -e '/^SET transaction_timeout = 0;$/d' -e '}'
    echo "$?" >"$work/sed.rc"
  } | psql -X -w -q -v ON_ERROR_STOP=1 -d "$partial" -f - >/dev/null
  loaded=$?
  [ "$loaded" = 0 ] || return "$loaded"
  [ "$(cat "$work/text.rc" "$work/sed.rc" 2>/dev/null | tr -d '\n')" = 00 ]
}

# Where it came to its end, what failed is kept, but for that setting.
restore_on() {
  pg_restore -d "$partial" "$@" 2>"$work/on.err"
  code=$?
  if [ "$code" = 1 ] && tail -n 1 "$work/on.err" | grep -q 'errors ignored on restore'; then
    sed -e '/^pg_restore: while /d' -e '/errors ignored on restore/d' -e '/parameter "transaction_timeout"$/d' "$work/on.err" >"$work/failures"
    code=0
  else
    cat "$work/on.err" >&2
  fi
  return "$code"
}

source_restore_end() {
  tables=$(export PGDATABASE="$partial" && echo "select count(*) $from_tables;" | sql) || refuse_sql 'the tables cannot be counted'
  printf '%s\n' 'alter database :"partial" rename to :"into";' | sql -v partial="$partial" -v into="$into" >/dev/null ||
    refuse_sql "the restored database cannot be named $into"
  undo=''
}

# One transaction renames both. Sessions are refused meanwhile, so that none comes between.
source_swap() {
  live=$database from=$1 keep=$2
  enter_one postgres template1
  exists "$from" || fail 66 backup-source "there is no database $from"
  ! exists "$keep" || fail 65 restore-exists "there is a database $keep already"
  kept=1
  exists "$live" || kept=0
  [ "$3" = 1 ] || refuse_busy
  [ "$kept" = 0 ] || carry_over
  rename_both || {
    words_of sql
    allow "$live" true
    allow "$from" true
    fail 65 restore-failed "the databases were not renamed: $words"
  }
  say "swapped $kept"
}

# What a dump of one database leaves out: settings, grants, connection limit and owner of the database itself.
carry_over() {
  printf '%s\n' \
    "select format('alter database %I connection limit %s', :'from', datconnlimit) from pg_database where datname = :'live' and datconnlimit >= 0 \\gexec" \
    "select case setrole when 0 then 'alter' else format('alter role %I in', pg_get_userbyid(setrole)) end || format(' database %I', :'from')" \
    "|| format(' set %I to %s', n, case when n in ('search_path', 'temp_tablespaces', 'session_preload_libraries', 'local_preload_libraries')" \
    "and v not in ('', '\"\"') then v else quote_literal(case v when '\"\"' then '' else v end) end)" \
    "from (select setrole, split_part(c, '=', 1) n, substr(c, strpos(c, '=') + 1) v from pg_db_role_setting join pg_database d on d.oid = setdatabase, unnest(setconfig) c" \
    "where d.datname = :'live') s \\gexec" \
    "select format('revoke all on database %I from public', :'from') from pg_database where datname = :'live' and datacl is not null \\gexec" \
    "select format('grant %s on database %I to %s%s', privilege_type, :'from', case grantee when 0 then 'public' else quote_ident(pg_get_userbyid(grantee)) end," \
    "case when is_grantable then ' with grant option' else '' end) from pg_database, aclexplode(datacl) where datname = :'live' \\gexec" \
    "select format('alter database %I owner to %I', :'from', pg_get_userbyid(datdba)) from pg_database where datname = :'live' \\gexec" |
    sql -v ON_ERROR_STOP=0 -v live="$live" -v from="$from" >/dev/null
  [ ! -s "$work/sql.err" ] || {
    words_of sql
    warn "not carried over to the restored database: $words"
  }
}

refuse_busy() {
  users=$(printf '%s\n' "select string_agg(format('%s sessions of %s from %s (%s)', n, usename, host, application_name), ', ') from (" \
    "select count(*) n, usename, coalesce(host(client_addr), 'a socket') host, application_name from pg_stat_activity" \
    "where datname in (:'live', :'from') and pid <> pg_backend_pid() group by 2, 3, 4) s;" |
    sql -v live="$live" -v from="$from") || refuse_sql 'the sessions cannot be listed'
  [ -z "$users" ] || fail 75 restore-busy "the database is in use: $users"
}

# DATABASE true|false
allow() {
  printf '%s\n' "select format('alter database %I allow_connections $2', datname) from pg_database where datname = :'name' \\gexec" |
    sql -v name="$1" >/dev/null
}

rename_both() {
  if [ "$kept" = 1 ]; then allow "$live" false || return 1; fi
  allow "$from" false || return 1
  if [ "$disconnect" = 1 ]; then end_sessions || return 1; fi
  {
    echo 'begin;'
    if [ "$kept" = 1 ]; then
      printf '%s\n' 'alter database :"live" rename to :"keep";' 'alter database :"keep" allow_connections true;'
    fi
    printf '%s\n' 'alter database :"from" rename to :"live";' 'alter database :"live" allow_connections true;' 'commit;'
  } | sql -v live="$live" -v from="$from" -v keep="$keep" >/dev/null
}

end_sessions() {
  printf '%s\n' "select pg_terminate_backend(pid) from pg_stat_activity where datname in (:'live', :'from') and pid <> pg_backend_pid();" |
    sql -v live="$live" -v from="$from" >/dev/null
}

# Exact, in one snapshot. Large objects count as a table. New clients frame a dump by a random word: left out.
source_count() {
  export PGDATABASE="$1"
  look_at_server
  match_client
  printf '%s\n' "begin isolation level repeatable read read only; set local statement_timeout = 0;" \
    "select format('select %L || count(*) from %I.%I', 'rows ' || encode(convert_to(format('%I.%I', nspname, relname), 'UTF8'), 'hex') || ' ', nspname, relname)" \
    "$from_tables order by nspname collate \"C\", relname collate \"C\" \\gexec" \
    "select 'rows ' || encode('large objects', 'hex') || ' ' || count(*) from pg_largeobject_metadata;" | sql >"$work/rows" ||
    { words_of sql; fail 65 backup-source "the rows cannot be counted: $words"; }
  pg_dump -w -s --no-owner --no-privileges >"$work/schema" 2>"$work/sql.err" ||
    { words_of sql; fail 65 backup-source "the schema cannot be read: $words"; }
  grep -v -e '^\\restrict ' -e '^\\unrestrict ' -e '^-- Dumped ' "$work/schema" >"$work/schema.plain"
  sha_of "$work/schema.plain"
  say "schema $sum"
  cat "$work/rows"
}

# Of any database of this server: whose it is, its name tells.
source_left() {
  enter_one postgres "$database" template1
  printf '%s\n' "select 'left ' || encode(convert_to(datname, 'UTF8'), 'hex') || ' ' || pg_database_size(datname) from pg_database" \
    "where datname ~ '_(before|incomplete|deploy_restore)_[0-9a-f]{4}$' order by datname;" | sql || refuse_sql 'the databases cannot be listed'
}

source_drop() {
  enter_one postgres template1
  echo 'drop database if exists :"name";' | sql -v name="$1" >/dev/null || refuse_sql "$1 cannot be dropped"
}
