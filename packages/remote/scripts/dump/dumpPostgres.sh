# shellcheck disable=SC2016  # psql's own \$ and quotes are wanted as they are
# shellcheck disable=SC2031  # subshells have a database of their own
#
# with streamed.sh dump.sh words.sh restore.sh poolerPostgres.sh restorePostgres.sh rightsPostgres.sh
# needs what words work keep_secret() open_secret() refuse_pooler() words_of()
# sets client database from_tables major server_major
#
# PostgreSQL. ARGS: HOST|'' PORT|'' USER|'' NAME [PGNAME=value…]
# Names go to libpq by the environment, where no `=` or URL in them is read as options, and to SQL as psql variables.
source_open() {
  unset PGCLIENTENCODING PGDATABASE PGHOST PGHOSTADDR PGOPTIONS PGPASSWORD PGPORT PGSERVICE PGSERVICEFILE PGUSER
  database=$4
  set_env PGHOST "$1"
  set_env PGPORT "$2"
  set_env PGUSER "$3"
  shift 4
  for pair in "$@"; do
    case $pair in PG[A-Z]*=*) set_env "${pair%%=*}" "${pair#*=}" ;; *) fail 64 argument-refused "not an option: $pair" ;; esac
  done
  export PGDATABASE="$database"
  find_client
  open_secret
  [ -z "$password" ] || give_password
}

set_env() {
  case $1 in *[!A-Z]*) fail 64 argument-refused "not an option: $1" ;; esac
  [ -z "$2" ] || export "$1=$2"
}

# A line of the file cannot hold a newline, and clients before 13 cut it at some 300 bytes: the environment then.
give_password() {
  newline=$(printf '\n.')
  case $password in
    *"${newline%.}"*) export PGPASSWORD="$password" ;;
    *)
      if [ "${#password}" -gt 200 ]; then
        export PGPASSWORD="$password"
      else
        { printf '*:*:*:*:'; printf '%s\n' "$password" | sed 's/[\\:]/\\&/g'; } | keep_secret "$work/pgpass"
        export PGPASSFILE="$work/pgpass"
      fi
      ;;
  esac
}

# What the URL should say, where $words refuse TLS or its absence
tls_option() {
  case $words in
    *'does not support SSL'*) set -- sslmode=prefer 'takes what the server has' ;;
    *', no encryption'* | *', SSL off'*) set -- sslmode=require 'encrypts' ;;
    *'root certificate file'* | *'certificate verify failed'*) set -- sslrootcert=/path/of/ca.pem 'names the authority, on this host; sslmode=require encrypts and checks none' ;;
    *'server certificate for '*) set -- sslmode=verify-ca 'checks the authority alone' ;;
    *'requires a valid client certificate'* | *'certificate required'*) set -- 'sslcert=/path&sslkey=/path' 'show a certificate' ;;
    *) return ;;
  esac
  printf ' (in the URL, ?%s %s)' "$1" "$2"
}

# [OPTION…], SQL on stdin
sql() { psql -X -w -A -t -q -v ON_ERROR_STOP=1 "$@" -f - 2>"$work/sql.err"; }

# Some hosts keep the clients out of PATH, a folder for each major version.
find_client() {
  command -v psql >/dev/null 2>&1 || use_folder '*'
  for tool in psql pg_dump pg_restore; do need "$tool"; done
}

use_folder() {
  # shellcheck disable=SC2231  # a pattern is wanted
  for folder in /usr/lib/postgresql/$1/bin /usr/pgsql-$1/bin /usr/local/pgsql-$1/bin; do
    if [ -x "$folder/psql" ] && [ -x "$folder/pg_dump" ] && [ -x "$folder/pg_restore" ]; then
      PATH=$folder:$PATH
      return 0
    fi
  done
  return 1
}

from_tables="from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind in ('r', 'p')"
from_tables="$from_tables and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'"

# `15.14 (Debian …)` -> major, comparable: 1500, and 906 for 9.6
major_of() {
  major=${1%%[!0-9.]*}
  minor=${major#*.} major=${major%%.*} minor=${minor%%.*}
  digits "$major" || return 1
  if [ "$major" -ge 10 ]; then major=$((major * 100)); else major=$((major * 100 + ${minor:-0})); fi
}

# -> server, server_major, size, tables, name; refuses what is no server
look_at_server() {
  answer=$(printf '%s\n' "select current_setting('server_version'), pg_database_size(current_database())," \
    "(select count(*) $from_tables), current_database();" | sql -F '|')
  code=$?
  words_of sql
  [ "$code" = 0 ] || fail 65 backup-source "psql could not read the database: $words$(tls_option)"
  server=${answer%%|*} answer=${answer#*|}
  size=${answer%%|*} answer=${answer#*|}
  tables=${answer%%|*} name=${answer#*|}
  major_of "$server" || fail 65 backup-source "the server's version cannot be read: $server"
  server_major=$major
  refuse_pooler
}

# pg_dump refuses a newer server. The server's own major is the best, since a newer client writes what an older server
# does not read. -> client
match_client() {
  read_client
  if [ "$major" != "$server_major" ] && use_folder "${server%%.*}"; then read_client; fi
  [ "$major" -ge "$server_major" ] ||
    fail 65 backup-client-old "pg_dump $client is older than the server, which is PostgreSQL ${server%% *}"
}

read_client() {
  client=$(pg_dump --version 2>/dev/null)
  client=${client##*PostgreSQL) }
  major_of "$client" || fail 78 tool-missing "pg_dump does not tell its version: $client"
  client=${client%% *}
}

source_inspect() {
  look_at_server
  match_client
  say_hex name "$name"
  say_hex server "PostgreSQL ${server%% *}"
  say_hex tool "pg_dump $client"
  say_hex identity "$(echo 'select system_identifier from pg_control_system();' | sql)"
  say "estimate $size"
  say "tables $tables"
  look_at_way_back
}

source_prepare() {
  look_at_server
  match_client
  [ "$what" != globals ] || need pg_dumpall
}

# Compressed by us: its own compression would be serial in the server's session, and the proof would unpack it again.
source_dump() { pg_dump -w -Fc -Z0 --lock-wait-timeout=300000; }

# Reads every block; needs no database.
source_verify() { pg_restore -f /dev/null; }

# Of `-d` pg_dumpall ignores the database, and asks `postgres`, where this user may have no business.
source_globals() {
  escaped=$(printf '%s' "$database" | sed "s/[\\\\']/\\\\&/g")
  pg_dumpall -w --globals-only --no-role-passwords -l "dbname='$escaped'"
}

source_verify_globals() { tail -n 3 | grep -q '^-- PostgreSQL database cluster dump complete'; }
main "$@"
