# shellcheck disable=SC2016  # backticks are SQL's here
#
# with streamed.sh dump.sh words.sh restore.sh restoreMysql.sh swapMysql.sh rightsMysql.sh
# needs password words work keep_secret() open_secret() say_hex() warn() words_of()
# sets bases client database here most number server server_vendor
#
# MySQL and MariaDB. ARGS: mysql|mariadb HOST|/SOCKET PORT USER|'' NAME [sslmode|sslca|sslcert|sslkey|connect_timeout=VALUE…]
# All that tells where and who is in a file of our own, which is the only one the tools read: a `where` or `no-data` in some
# ~/.my.cnf would make a dump that ends well and is not whole. Names go into SQL as hex or in backticks.
source_open() {
  family=$1 host=$2 port=$3 user=$4 database=$5
  shift 5
  unset MYSQL_PWD MYSQL_HOST MYSQL_TCP_PORT MYSQL_GROUP_SUFFIX
  export MYSQL_TEST_LOGIN_FILE="$work/none"
  find_tools
  read_options "$@"
  open_secret
  [ "${#password}" -le 1500 ] || fail 64 argument-refused 'the password is longer than 1500 bytes, which an option file cannot hold'
  case $host:$port in
    /*) configure socket ;;
    localhost:3306) reach_local ;;
    *) configure tcp ;;
  esac
}

# `localhost` is the socket to MySQL's own clients and TCP to many an application: the socket, else TCP.
reach_local() {
  host=''
  configure socket
  echo 'select 1;' | sql >/dev/null && return 0
  words_of sql
  case $words in *'ERROR 2002'*) ;; *) return 0 ;; esac
  host=localhost
  configure tcp
}

# The names of the kind first, then the others'.
find_tools() {
  dumper='' client=''
  case $family in
    mariadb) set -- mariadb mysql ;;
    *) set -- mysql mariadb ;;
  esac
  for tool in "$@"; do
    dash=dump
    [ "$tool" = mysql ] || dash=-dump
    [ -n "$client" ] || ! command -v "$tool" >/dev/null 2>&1 || client=$tool
    [ -n "$dumper" ] || ! command -v "$tool$dash" >/dev/null 2>&1 || dumper=$tool$dash
  done
  [ -n "$dumper" ] || fail 78 tool-missing 'neither mysqldump nor mariadb-dump is installed on this host'
  [ -n "$client" ] || fail 78 tool-missing 'neither mysql nor mariadb, the client, is installed on this host'
  read_version "$client"
  client_vendor=$vendor
  read_version "$dumper"
}

# TOOL -> vendor, version. `Ver 10.19 Distrib 10.11.19-MariaDB`, `from 11.4.2-MariaDB, client`, `Ver 8.0.36 for Linux`
read_version() {
  version=$("$1" --version 2>/dev/null)
  vendor=MySQL
  case $version in *MariaDB*) vendor=MariaDB ;; esac
  version=$(printf '%s\n' "$version" | sed -n -e 's/.*Distrib \([0-9.]*\).*/\1/p' -e t -e 's/.* from \([0-9.]*\).*/\1/p' -e t -e 's/.*Ver \([0-9.]*\).*/\1/p' | head -n 1)
  [ -n "$version" ] || fail 78 tool-missing "$1 does not tell its version"
}

read_options() {
  sslmode='' patience=20
  for pair in "$@"; do
    value=${pair#*=}
    case $pair in
      sslmode=*) sslmode=$value ;;
      sslca=*) option ssl-ca "$value" >>"$work/tls" ;;
      sslcert=*) option ssl-cert "$value" >>"$work/tls" ;;
      sslkey=*) option ssl-key "$value" >>"$work/tls" ;;
      connect_timeout=*) patience=$value ;;
      *) fail 64 argument-refused "not an option: $pair" ;;
    esac
  done
  digits "$patience" || fail 64 argument-refused "not a number of seconds: $patience"
}

# NAME VALUE: within double quotes only `\` and `"` are special, and a line ends at its newline.
option() {
  printf '%s="' "$1"
  printf '%s' "$2" | sed -e ':a' -e '$!{' -e N -e 'b a' -e '}' -e 's/[\\"]/\\&/g' -e 's/\n/\\n/g'
  printf '"\n'
}

# socket|tcp -> the option file
configure() {
  {
    echo '[client]'
    [ -z "$user" ] || option user "$user"
    option password "$password"
    echo "protocol=$1"
    if [ "$1" = tcp ]; then
      option host "$host"
      echo "port=$port"
    elif [ -n "$host" ]; then
      option socket "$host"
    fi
    [ ! -s "$work/tls" ] || cat "$work/tls"
    echo '[mysqldump]'
    tls_mode "$vendor"
    echo '[mysql]'
    tls_mode "$client_vendor"
    echo "connect-timeout=$patience"
  } | keep_secret "$work/my.cnf"
}

# MariaDB's clients have no modes: encrypted or not, and checked (authority and name) or not.
tls_mode() {
  [ -n "$sslmode" ] || return 0
  if [ "$1" = MySQL ]; then
    echo "ssl-mode=$sslmode"
    return 0
  fi
  case $sslmode in
    DISABLED) echo skip-ssl ;;
    PREFERRED) echo ssl-verify-server-cert=0 ;;
    REQUIRED) printf '%s\n' ssl=1 ssl-verify-server-cert=0 ;;
    VERIFY_*) printf '%s\n' ssl=1 ssl-verify-server-cert=1 ;;
  esac
}

# What the URL should say, where $words refuse TLS or its absence
tls_option() {
  case $words in
    *'insecure transport'* | *'requires secure connection'*) set -- sslmode=required 'encrypts' ;;
    *'does not support'*) set -- sslmode=preferred 'takes what the server has' ;;
    # MariaDB says no more to whoever comes without TLS where it is required.
    *'ERROR 1045'*) wants_tls && set -- sslmode=required 'encrypts' || return 0 ;;
    *'ERROR 2026'*) set -- sslca=/path/of/ca.pem 'names the authority, on this host; sslmode=required encrypts and checks none' ;;
    *) return ;;
  esac
  printf ' (in the URL, ?%s %s)' "$1" "$2"
}

wants_tls() {
  case $sslmode in REQUIRED | VERIFY_*) return 1 ;; esac
  with=--ssl
  [ "$client_vendor" = MariaDB ] || with=--ssl-mode=REQUIRED
  echo 'select 1;' | sql "$with" >/dev/null
}

# [OPTION…], SQL on stdin. What it prints has no NUL, tab or newline within a field, but with --raw.
sql() { "$client" --defaults-file="$work/my.cnf" --default-character-set=utf8mb4 --binary-mode -N -B "$@" 2>"$work/sql.err"; }

# NAME [OPTION…]
sql_in() {
  within=$1
  shift
  sql --database="$within" "$@"
}

# OPTION… -- NAME [TABLE…]
dump_tool() {
  if [ "$vendor" = MySQL ]; then set -- --set-gtid-purged=OFF --loose-column-statistics=0 "$@"; fi
  "$dumper" --defaults-file="$work/my.cnf" --default-character-set=utf8mb4 --no-tablespaces --skip-lock-tables --max-allowed-packet=1073741824 "$@"
}

# Names are compared as bytes too: information_schema's own collation does not tell Shop from shop.
here='table_schema = database() and binary table_schema = binary database()'
bases="table_type in ('BASE TABLE', 'SYSTEM VERSIONED')"

# -> server (`MariaDB 10.11.19`), server_vendor, hex_name, tables, size; refuses a connection that is not as asked for
look_at_server() {
  printf '%s\n' '/*!80000 set session information_schema_stats_expiry = 0 */;' \
    "select version(), hex(convert(database() using utf8mb4)), count(*), coalesce(sum(data_length), 0) from information_schema.tables where $here and $bases;" \
    "show session status like 'Ssl_cipher';" | sql_in "$1" >"$work/look" || {
    words_of sql
    fail 65 backup-source "$client could not read the database: $words$(tls_option)"
  }
  read -r server hex_name tables size <"$work/look"
  digits "$tables" && digits "$size" || fail 65 backup-source "what $client told of the database cannot be read: $(head -c 300 "$work/look")"
  cipher=$(sed -n 's/^Ssl_cipher[^A-Za-z0-9]*//p' "$work/look")
  case $sslmode:$cipher in
    REQUIRED: | VERIFY_*:) fail 65 backup-source "the connection to the server is not encrypted, and sslmode is $sslmode" ;;
  esac
  server_vendor=MySQL
  case $server in *[Mm]aria[Dd][Bb]*) server_vendor=MariaDB ;; esac
  server="$server_vendor ${server%%[!0-9.]*}"
}

# `10.11.19` -> number
number_of() {
  minor=${1#*.}
  minor=${minor%%.*}
  number=$((${1%%.*} * 1000 + ${minor:-0}))
}

compare_versions() {
  if [ "$vendor" != "$server_vendor" ]; then
    warn "the server is $server and $dumper is ${vendor}'s: views, routines and collations that only one of the two knows may not come through; install the server's own client"
    return 0
  fi
  number_of "$version"
  ours=$number
  number_of "${server#* }"
  [ "$ours" -ge "$number" ] || warn "$dumper $version is older than the server, $server"
}

source_inspect() {
  look_at_server "$database"
  compare_versions
  refuse_broken_views
  warn_of_tables
  read_identity
  say "name $hex_name"
  say_hex server "$server"
  tool="$dumper $version"
  case $vendor:$dumper in MariaDB:mysql*) tool="$tool (MariaDB)" ;; esac
  say_hex tool "$tool"
  say_hex identity "$identity"
  say "estimate $((size * 2))"
  say "tables $tables"
  look_at_way_back
}

# MySQL has a uuid. MariaDB has none: its number, folder and host's name, but for names that containers get anew.
read_identity() {
  echo "show global variables where variable_name in ('server_uuid', 'server_id', 'hostname', 'datadir');" | sql >"$work/identity" || {
    words_of sql
    fail 65 backup-source "the server's variables cannot be read: $words"
  }
  identity='' number='' name_of_host='' folder=''
  while IFS= read -r line; do
    value=${line#*[!a-z_]}
    case $line in
      server_uuid*) identity=$value ;;
      server_id*) number=$value ;;
      hostname*) name_of_host=$value ;;
      datadir*) folder=$value ;;
    esac
  done <"$work/identity"
  case $name_of_host in [0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f]) name_of_host=container ;; esac
  [ -n "$identity" ] || identity="$number@$name_of_host:$folder"
}

# What a dump of one transaction does not hold as it was, or not at all.
warn_of_tables() {
  list="group_concat(table_name, ' (', engine, ')' order by table_name separator ', ')"
  ask_warning 'not in the snapshot, so each may hold more or less than the others' \
    "select count(*), $list from information_schema.tables where $here and $bases and engine not in ('InnoDB', 'ROCKSDB', 'TokuDB');"
  ask_warning 'dumped without the history of their rows' \
    "select count(*), group_concat(table_name order by table_name separator ', ') from information_schema.tables where $here and table_type = 'SYSTEM VERSIONED';"
}

# TEXT SQL…: answers a number and a list; nothing where the number is 0
ask_warning() {
  text=$1
  shift
  { echo 'set session group_concat_max_len = 2000;'; printf '%s\n' "$@"; } | sql_in "$database" >"$work/asked" || {
    words_of sql
    warn "it could not be told what is $text: $words"
    return 0
  }
  IFS= read -r line <"$work/asked"
  [ "${line%%[!0-9]*}" = 0 ] || warn "$text: ${line#*[!0-9]}"
}

source_prepare() {
  look_at_server "$database"
  refuse_unfinished "$database" backup-source
  most=$(echo 'select @@global.max_allowed_packet;' | sql) || most=''
}

# NAME WORD
refuse_unfinished() {
  ! has_table "$1" deploy_unfinished || fail 65 "$2" "$1 is not whole: a restore into it was not finished (it holds the table deploy_unfinished)"
}

# DATABASE TABLE, both there or not
has_table() {
  found=$(echo "select count(*) from information_schema.tables where $here and table_name = '$2';" | sql_in "$1") && [ "$found" = 1 ]
}

# Definers are kept. No database is named in it, so that it can be restored under another name. Bytes stay bytes: in hex, a row
# of half of what the server takes would be one that it does not take back.
source_dump() { dump_tool --single-transaction --quick --routines --triggers --events -- "$database"; }

# Both tools write this line last and only when all went well; a row never begins a line. A row is on one line, and one
# that is long has a statement of its own.
source_verify() {
  last=$(long_rows | tail -c 300 | grep -v '^$' | tail -n 1)
  case $last in '-- Dump completed'*) return 0 ;; esac
  echo 'its last line is not "-- Dump completed"' >&2
  return 1
}
main "$@"
