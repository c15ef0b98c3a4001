# with words.sh checkSqlite.sh
# needs owner sum check_lite() lite()
# sets said
#
# onLeader BASE TOKEN OWNER RELEASE KEEP sqlite PATH-BELOW-SHARED
# onLeader BASE TOKEN OWNER RELEASE KEEP command RUN VERIFY
# Dump, verify by reading back, rename, manifest last: without its .json there is no backup.
act() {
  [ "$#" -ge 7 ] || fail 64 argument-refused 'backup takes seven arguments or more'
  use_base "$1"
  need_release "$4"
  release=$4 keep=$5 how=$6 unchecked=''
  digits "$keep" && [ "$keep" -ge 1 ] || fail 64 argument-refused "keep must be 1 or more: $keep"
  sha_tool
  enter "$2" "$3"
  unlock
  K=$D/backups
  mkdir -p "$K" 2>/dev/null && cd "$K" || fail_write "$K cannot be made"
  reserve
  case $how in
    sqlite) dump_sqlite "$B/shared/$7" ;;
    command) dump_command "$7" "$8" ;;
    *) fail 64 argument-refused "no such backup: $how" ;;
  esac
  keep_it
  removed=''
  prune
  journal - "$release" backup ok
  say "backup $id $bytes $sum"
  say "path $(printf '%s' "$K/$id" | hex)"
  [ -z "$unchecked" ] || say "unchecked $(printf '%s' "$unchecked" | hex)"
  for name in $removed; do say "removed $name"; done
}

# A number nobody has: the name is taken by creating it. Unfinished dumps go after a day.
reserve() {
  find . -name '*.tmp' -type f -mtime +0 -exec rm -f {} + 2>/dev/null
  n=1
  while :; do
    id=$release.$(printf '%03d' "$n")
    temporary=$id.tmp
    if [ ! -e "$id" ] && [ ! -e "$id.json" ] && (set -C && : >"$temporary") 2>/dev/null; then break; fi
    n=$((n + 1))
    [ "$n" -lt 1000 ] || fail_write "no backup can be written in $K"
  done
  junk=$K/$temporary
}

broken() { fail 65 backup-failed "$1"; }

last_words() { tail -c 1000 "$K/$id.err" 2>/dev/null; rm -f -- "$K/$id.err"; }

dump_sqlite() {
  need sqlite3
  [ -f "$1" ] || fail 66 backup-failed "there is no database $1"
  [ -s "$1" ] || broken "the database $1 is empty"
  said=$K/$id.err
  lite "$1" ".backup main $temporary"
  code=$?
  words=$(last_words)
  [ "$code" = 0 ] || space_or_broken "sqlite3 ended $code: $words"
  [ -s "$temporary" ] || broken 'the dump is empty'
  check_lite "$K/$temporary"
  rm -f -- "$temporary-wal" "$temporary-shm" "$temporary-journal" "$said"
  [ -z "$words" ] || broken "the dump fails its integrity check: $words"
}

dump_command() {
  in_release "$1" >"$temporary" 2>"$id.err" </dev/null
  code=$?
  words=$(last_words)
  [ "$code" = 0 ] || space_or_broken "the dump command ended $code: $words"
  [ -s "$temporary" ] || broken 'the dump command ended 0 but printed nothing'
  in_release "$2" <"$temporary" >"$id.err" 2>&1
  code=$?
  words=$(last_words)
  [ "$code" = 0 ] || broken "the dump does not verify, the command ended $code: $words"
}

space_or_broken() {
  case $1 in *'o space left'* | *'disk is full'* | *'quota exceeded'*) fail 73 disk-full "no space for a backup in $K: $1" ;; esac
  broken "$1"
}

in_release() (
  trap - EXIT HUP INT PIPE TERM
  cd "$B/releases/$release" || exit 126
  if [ -n "$saved_locale" ]; then LC_ALL=$saved_locale; else unset LC_ALL; fi
  export DEPLOY_RELEASE="$release" DEPLOY_RELEASE_PATH="$B/releases/$release" DEPLOY_SHARED_PATH="$B/shared"
  export DEPLOY_CURRENT_PATH="$B/current" DEPLOY_TO="$B"
  exec sh -c "$1"
)

keep_it() {
  sha_of "$temporary"
  bytes=$(wc -c <"$temporary" | tr -d ' ')
  [ "${#sum}" = 64 ] || broken 'the dump cannot be read back'
  chmod 600 "$temporary"
  sync "$temporary" 2>/dev/null || sync
  mv -f -- "$temporary" "$id" || fail_write "$K/$id cannot be written"
  junk=$K/$id
  must_put "$K/$id.json" "{\"schema\":1,\"id\":\"$id\",\"release\":\"$release\",\"kind\":\"$how\",\"bytes\":$bytes,\"sha256\":\"$sum\",\"created\":\"$(stamp)\",\"run\":\"$owner\"}"
  junk=''
}

# Newest first, by name: only what has a manifest of ours and its data counts; ours is never touched, nor what a release names.
prune() {
  set --
  for path in [0-9]*.json; do
    name=${path%.json}
    if [ ! -f "$name" ] || [ "$name" = "$id" ] || is_named "$name"; then continue; fi
    set -- "$name" "$@"
  done
  left=$((keep - 1))
  for name in "$@"; do
    if [ "$left" -gt 0 ]; then
      left=$((left - 1))
    elif rm -f -- "$name.json" && rm -f -- "$name"; then
      removed="$removed $name"
    fi
  done
}

is_named() { grep -qF "\"id\":\"$1\"" "$D/releases"/*.backup 2>/dev/null; }
main "$@" </dev/null
