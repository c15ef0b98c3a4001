# with envFile.sh
# needs cur kind sha check_env() make_base() read_current() read_env() sha_of() sha_tool()
#
# env list BASE FILE NONCE: what shared/FILE sets. Of a value a digest with NONCE before it: no value leaves this host.
# env set BASE FILE ID: lines of the same dialect on stdin, made ready beside it; the last ones of a name take its place.
# env unset BASE FILE ID NAME...: the same without these names
# env commit BASE FILE ID: what was made ready becomes the file, in one rename
# env drop BASE FILE ID: or is removed
act() {
  op=$1
  use_base "$2"
  key=$(printf '%s' "$3" | tr / =) file=$B/shared/$3 mark=$4
  case $mark in '' | *[!0-9a-f]*) fail 64 argument-refused "not an id: $mark" ;; esac
  shift 4
  new=$file.deploy-$mark
  [ ! -L "$file" ] || fail 71 path-unsafe "$file is a link: write what it leads to"
  sha_tool
  case $op in
    list) list ;;
    set | unset) make_ready "$op" "$@" ;;
    commit) commit ;;
    drop) rm -f -- "$new" ;;
    *) fail 64 argument-refused "no such operation: $op" ;;
  esac
}

list() {
  version_of "$file"
  say "file $version"
  [ -e "$file" ] || return 0
  check_env "$file"
  eval "$(read_env "$file" tell)"
  live_since
  [ -f "$D/env/used" ] || return 0
  while read -r release began other used; do
    [ "$release $began $other" = "$cur $since $key" ] && [ "$used" != "$version" ] && say "changed $cur"
  done <"$D/env/used"
}

# FIRST LAST NAME=VALUE
tell() {
  # shellcheck disable=SC2086  # a command and its options
  sum=$(printf '%s%s' "$mark" "${3#*=}" | $sha)
  say "name ${3%%=*} ${sum%% *}"
}

# FIRST LAST NAME=VALUE
span() { say "$1 $2 ${3%%=*}"; }

# PATH -> version: of its content, none where there is no file
version_of() {
  version=none
  [ -e "$1" ] || return 0
  sha_of "$1"
  version=$sum
}

# -> cur, kind, and since: when it last became live; what began then has read the file as it was
live_since() {
  read_current
  became=$(grep -e '"step":"activate"' -e '"step":"rollback"' -e '"step":"revert"' "$D/journal.jsonl" 2>/dev/null | grep -F "\"to\":\"$cur\"" | tail -n 1)
  became=${became#*\"time\":\"}
  became=${became%%\"*}
  since=${became:--}
}

make_ready() {
  make_base
  junk=$D/staging/env.$$
  failure=$( { rm -rf -- "$junk" && mkdir -- "$junk" && mkdir -p -- "${file%/*}"; } 2>&1) || fail_write "$failure"
  true >"$junk/has"
  if [ "$1" = set ]; then
    cat >"$junk/patch" || fail_write "No space left, or $junk cannot be written"
    check_env "$junk/patch"
    eval "$(read_env "$junk/patch" span)" >"$junk/wants"
  else
    shift
    true >"$junk/patch"
    for name in "$@"; do say "1 0 $name"; done >"$junk/wants"
  fi
  if [ -e "$file" ]; then
    check_env "$file"
    eval "$(read_env "$file" span)" >"$junk/has"
    failure=$(cp -p -- "$file" "$new" 2>&1 && chmod o= "$new" 2>&1) || fail_write "$failure"
  fi
  merge >"$new" || {
    rm -f -- "$new"
    fail_write "No space left, or $new cannot be written"
  }
  if ! why=$(read_env "$new"); then
    rm -f -- "$new"
    fail 65 env-file-malformed "with that, line ${why%% *} of $file ${why#* }"
  fi
}

merge() {
  if [ -e "$file" ]; then set -- "$file"; else set -- /dev/null; fi
  LC_ALL=C awk '
    function put(name, n) {
      for (n = from[name]; n <= to[name]; n++) print text[n]
      done[name] = 1
    }
    FILENAME == ARGV[1] { if (!($3 in from)) order[++wanted] = $3; from[$3] = $1; to[$3] = $2; next }
    FILENAME == ARGV[2] { text[FNR] = $0; next }
    FILENAME == ARGV[3] { for (n = $1; n <= $2; n++) owner[n] = $3; last[$3] = $1; next }
    !(FNR in owner) || !(owner[FNR] in from) { print; next }
    FNR == last[owner[FNR]] { put(owner[FNR]) }
    END { for (n = 1; n <= wanted; n++) if (!(order[n] in done)) put(order[n]) }
  ' "$junk/wants" "$junk/patch" "$junk/has" "$1"
}

commit() {
  [ -f "$new" ] || fail 66 env-file-missing "$new is gone"
  kept=$D/env/$key
  failure=$(mkdir -p -- "$kept" 2>&1) || fail_write "$failure"
  version_of "$file"
  if [ "$version" != none ]; then keep; fi
  remember
  failure=$(mv -f -- "$new" "$file" 2>&1) || fail_write "$failure"
  sync "$file" 2>/dev/null || sync
}

# Names sort by time; ten are kept.
keep() {
  failure=$(cp -p -- "$file" "$kept/$(date -u +%Y%m%dT%H%M%SZ)-$(printf '%.12s' "$version")" 2>&1) || fail_write "$failure"
  old=$(find "$kept" -type f | sort -r | sed 1,10d)
  [ -z "$old" ] || printf '%s\n' "$old" | while IFS= read -r path; do rm -f -- "$path"; done
}

# What is live began with the file as it was before the first change since.
remember() {
  live_since
  [ "$kind" = release ] || return 0
  ! grep -qF "$cur $since $key " "$D/env/used" 2>/dev/null || return 0
  { tail -n 50 "$D/env/used" 2>/dev/null; say "$cur $since $key $version"; } >"$D/env/used.new" && mv -f "$D/env/used.new" "$D/env/used"
}
main "$@"
