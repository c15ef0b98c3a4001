# needs count_tables into leaf sum words work check_copy() lite() need_database() rename_to() say_left() stand_beside() warn() why_fixed() words_of()
#
# The way back for dumpSqlite.sh. Names are absolute paths.
source_restore_begin() {
  [ ! -e "$into" ] && [ ! -L "$into" ] || fail 65 restore-exists "$into exists already"
  stand_beside "$into"
}

source_restore() { cat >copy; }

# A hard link never takes the place of what came there meanwhile; without them, a check must do.
source_restore_end() {
  copy=./copy
  [ "$(head -c 15 -- "$copy" | tr '\000' ' ')" = 'SQLite format 3' ] || fail 65 restore-failed 'the backup is not a SQLite database'
  check_copy "$copy"
  tables=$(lite "$copy" "$count_tables") || tables=0
  rm -f -- "$copy-wal" "$copy-shm"
  like_live "$copy"
  sync "$copy" 2>/dev/null || sync
  ln -n "$copy" "../$leaf" 2>/dev/null || {
    [ ! -e "../$leaf" ] && [ ! -L "../$leaf" ] || fail 65 restore-exists "$into exists already"
    rename_to "$copy" "../$leaf" || fail_write "$into cannot be written"
  }
}

# Whoever may use the live file may use this one; what this user may not give stays as it is.
like_live() {
  [ -f "$path" ] || return 0
  chmod "$(stat -c %a -- "$path")" "$1" 2>/dev/null
  chown "$(stat -c %u:%g -- "$path")" "$1" 2>/dev/null ||
    [ "$(stat -c %u:%g -- "$path")" = "$(stat -c %u:%g -- "$1")" ] ||
    warn "$into belongs to $(id -un), $path to $(stat -c %U:%G -- "$path")"
}

source_swappable() {
  why=$(why_not_swapped)
  [ -z "$why" ] || fail 65 restore-refused "$path cannot be replaced: $why"
}

why_not_swapped() {
  if [ -L "$path" ]; then echo "it is a link: name the file that it leads to"; else why_fixed "$path"; fi
}

# rename(2) within a filesystem: there is never no database. The log of the old one goes into it first.
source_swap() {
  from=$1 keep=$2
  [ -f "$from" ] || fail 66 backup-source "there is no database $from"
  [ ! -e "$keep" ] && [ ! -L "$keep" ] || fail 65 restore-exists "$keep exists already"
  [ ! -L "$path" ] || fail 71 path-unsafe "$path is a link: name the file that it leads to"
  [ "$(stat -c %d -- "$from")" = "$(stat -c %d -- "${path%/*}/")" ] ||
    fail 65 restore-failed "$from and $path are not on the same filesystem"
  [ ! -s "$from-wal" ] || fail 75 restore-busy "$from is in use: its log is not empty"
  if [ ! -e "$path" ]; then
    rename_to "$from" "$path" || move_failed
    say 'swapped 0'
    return 0
  fi
  quiet
  ln -n -- "$path" "$keep" 2>"$work/mv.err" || move_failed
  rename_to "$from" "$path" || {
    rm -f -- "$keep"
    move_failed
  }
  say 'swapped 1'
}

move_failed() {
  words_of mv
  fail 73 restore-failed "the files were not renamed: $words"
}

# Nobody has it open: changing its mode takes every lock, and whoever has a file open is seen in /proc.
quiet() {
  mode=$(lite "$path" 'PRAGMA journal_mode;') || busy "$(words_of sqlite; echo "$words")"
  if [ "$mode" = wal ]; then
    now=$(sqlite3 -batch -init /dev/null -cmd '.timeout 2000' "$path" 'PRAGMA journal_mode=delete;' 2>&1 </dev/null)
    [ "$now" = delete ] || busy "${now:-a connection is open}"
    lite "$path" 'PRAGMA journal_mode=wal;' >/dev/null
  fi
  [ ! -s "$path-wal" ] && [ ! -s "$path-journal" ] || busy 'its log is not empty'
  for handle in /proc/[0-9]*/fd/*; do
    # shellcheck disable=SC3013  # dash, bash and BusyBox know -ef
    if [ "$handle" -ef "$path" ]; then
      pid=${handle#/proc/}
      busy "process ${pid%%/*} has it open ($(tr '\000' ' ' <"/proc/${pid%%/*}/cmdline" 2>/dev/null | head -c 100))"
    fi
  done
}

busy() { fail 75 restore-busy "$path is in use: $1"; }

source_count() {
  path=$1
  need_database
  lite "$path" "select type, name, tbl_name, sql from sqlite_master order by type, name, tbl_name;" >"$work/schema" &&
    lite "$path" "select 'select ''rows ' || hex(name) || ' '' || count(*) from \"' || replace(name, '\"', '\"\"') || '\";' from sqlite_master where type = 'table' and name not like 'sqlite\\_%' escape '\\' order by name;" >"$work/counting" || cannot_count
  { echo 'begin;'; cat "$work/counting"; } | sqlite3 -batch -bail -init /dev/null -cmd '.timeout 30000' "$path" >"$work/rows" 2>"$work/sqlite.err" || cannot_count
  sha_of "$work/schema"
  say "schema $sum"
  cat "$work/rows"
}

cannot_count() {
  words_of sqlite
  fail 65 backup-source "$path cannot be counted: $words"
}

source_left() { say_left "$path"; }

source_drop() {
  rm -f -- "$1" "$1-wal" "$1-shm" "$1-journal" 2>"$work/mv.err" || move_failed
}
