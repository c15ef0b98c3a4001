# with streamed.sh dump.sh words.sh checkSqlite.sh restore.sh restoreSqlite.sh
# needs failed_as free made work check_lite() lite() no_space() own_folder() room() say_hex() warn() why_not_swapped() words_of()
# sets count_tables said words
#
# SQLite. ARGS: PATH
source_open() {
  path=$1 said=$work/sqlite.err
  need sqlite3
}

need_database() {
  [ -f "$path" ] || fail 66 backup-source "there is no database $path"
  [ -r "$path" ] || fail 66 backup-source "$path cannot be read by this user"
  [ "$(head -c 15 -- "$path" 2>/dev/null | tr '\000' ' ')" = 'SQLite format 3' ] ||
    fail 65 backup-source "$path is not a SQLite database"
}

count_tables="select count(*) from sqlite_master where type = 'table' and name not like 'sqlite\\_%' escape '\\';"

source_inspect() {
  need_database
  read_size
  answer=$(lite "$path" "$count_tables")
  code=$?
  words_of sqlite
  [ "$code" = 0 ] || fail 65 backup-source "sqlite3 could not read $path: $words"
  version=$(sqlite3 --version 2>/dev/null)
  say_hex name "$path"
  say_hex server "SQLite ${version%% *}"
  say_hex tool "sqlite3 ${version%% *}"
  say 'identity '
  say "estimate $size"
  say "tables $answer"
  why=$(why_not_swapped)
  [ -z "$why" ] || warn "no restore can take its place as things are: $why"
}

# The database and what waits in its log -> size
read_size() {
  size=0
  for part in "$path" "$path-wal"; do
    [ ! -f "$part" ] || size=$((size + $(wc -c <"$part")))
  done
}

# A copy is made first, since a dump has one pass and a writer may be busy. The read transaction around it pins what is
# copied, where .backup alone would begin again after each write; VACUUM INTO would give rows new rowids.
source_prepare() {
  need_database
  read_size
  find_room
  copy=$junk/copy
  words=$(cd "$junk" && lite "$path" 'begin; select count(*) from sqlite_master;' '.backup main copy' 'commit;')
  code=$?
  words_of sqlite
  [ "$code" = 0 ] && [ -s "$copy" ] || copy_failed "sqlite3 could not copy $path, it ended $code: $words"
  check_copy "$copy"
}

copy_failed() {
  case $1 in *'disk is full'* | *'o space left'* | *'disk I/O error'*) room "$junk"; [ "$free" -gt 1048576 ] || no_space "$1" ;; esac
  fail 65 "$failed_as" "$1"
}

check_copy() {
  check_lite "$1"
  rm -f -- "$1-wal" "$1-shm" "$1-journal"
  [ -z "$words" ] || fail 65 "$failed_as" "the copy of $path fails its integrity check: $words"
  [ -z "$unchecked" ] || warn "not wholly checked, since this sqlite3 lacks what the application adds: $unchecked"
}

# -> junk, a folder of our own with enough room: not in memory, where that can be helped
find_room() {
  seen=''
  for folder in ${TMPDIR:+"$TMPDIR"} /var/tmp /tmp "${path%/*}/"; do
    [ -d "$folder" ] && [ -w "$folder" ] || continue
    room "$folder"
    seen="$seen $folder has $free,"
    [ "$free" -gt "$((size + 1048576))" ] || continue
    if own_folder "$folder"; then
      junk=$made
      return 0
    fi
  done
  fail 73 disk-full "no room for a copy of $path, which needs $size bytes:${seen%,} bytes free"
}

source_dump() { cat -- "$copy"; }

# The copy passed its integrity check before; here just that it is what is sent.
source_verify() { cmp -s - "$copy"; }
main "$@"
