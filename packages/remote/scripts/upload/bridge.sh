# needs cur id junk reach room sha sum time
#
# What open pages of earlier releases still ask for, brought into a new release before it is visible. A build lists
# the files that it named by their content, a path per line, in ROOM/.deploy-fingerprints. Lists and files are data:
# brought is only what the earlier release's own manifest has, with the very bytes it had then (so nothing that was
# only brought there), never over anything, never through a link. What is damaged or gone is left out. Copies, not
# hard links, since a command that writes in one release must not change another; --reflink makes them cheap where
# the file system can.
#
# Called in $junk/in once the tree is verified. The lists it works with lie in $junk, their paths begin with ./
bridge() {
  [ "$reach" -gt 1 ] || return 0
  plain_room tree || return 0
  prefix=$room/
  [ "$room" != . ] || prefix=''
  listed=0 bridged=0 skipped=0 left=$reach
  earlier
  for name in $found; do
    left=$((left - 1))
    [ "$left" -gt 0 ] || break
    bring "$name"
  done
  [ ! -s ../bridged ] || (cd "tree/$room" && TZ=UTC0 with_all "$junk/bridged" touch -c -t "$time") 2>/dev/null
  say "bridged $bridged $skipped"
}

# ROOT: nothing on the way from it to ROOM is a link
plain_room() {
  way=$1 rest=$room/
  while [ -n "$rest" ]; do
    way=$way/${rest%%/*} rest=${rest#*/}
    [ ! -L "$way" ] || return 1
  done
}

# found: the live release, then those that proved good, newest first. Other tools' releases have no list of ours.
earlier() {
  read_current
  found=''
  for path in "$B/releases"/[0-9]*T*Z-*; do
    name=${path##*/} record=''
    if [ "$name" = "$id" ] || [ "$name" = "$cur" ] || ! is_release "$name"; then continue; fi
    [ ! -f "$D/releases/$name.json" ] || IFS= read -r record <"$D/releases/$name.json"
    case $record in
      '{"schema":1,"state":"good"'* | '{"schema":1,"state":"active"'*) found="$name $found" ;;
    esac
  done
  [ "$cur" = - ] || [ "$cur" = "$id" ] || found="$cur $found"
}

# RELEASE
bring() {
  old=$B/releases/$1 manifest=$D/manifests/$1
  names=$old/$prefix.deploy-fingerprints
  if [ -L "$old" ] || ! plain_room "$old" || [ -L "$names" ]; then return 0; fi
  if [ ! -f "$names" ] || [ ! -f "$manifest" ]; then return 0; fi
  [ "$listed" = 1 ] || list_room
  sha_of "$names" 2>/dev/null
  find_wanted
  [ -s ../wanted ] || return 0
  find_offered
  skipped=$((skipped + lacking))
  [ ! -s ../offered ] || take
}

# present, folders: what the new release has in ROOM; how this host copies
list_room() {
  listed=1 copies=$(cp --help 2>&1)
  : >../present && : >../folders && : >../bridged || fail_write "No space left, or $junk cannot be written"
  [ -d "tree/$room" ] || return 0
  failure=$( (cd "tree/$room" && find . ! -type d >"$junk/present" && find . -type d >"$junk/folders") 2>&1) || fail_write "$failure"
}

# wanted: `SHA ./path` of what the list names and the manifest has, and the new release has not
find_wanted() {
  deploy_prefix=$prefix deploy_sum=$sum awk '
    BEGIN { prefix = ENVIRON["deploy_prefix"]; size = length(prefix); own = ".deploy-fingerprints" }
    part == 1 { present[$0]; next }
    part == 2 { folders[$0]; next }
    part == 3 {
      split($0, field, "\t")
      if (field[1] != "f" || substr(field[5], 1, size) != prefix) next
      path = substr(field[5], size + 1)
      sha[path] = field[4]
      if (path == own) whole = field[4] == ENVIRON["deploy_sum"]
      next
    }
    !whole { exit }
    !($0 in sha) || seen[$0]++ || /[\001-\037\177]/ { next }
    /(^|\/)(\.\.?)?(\/|$)/ || /(^|\/)\.deploy-fingerprints$/ { next }
    ("./" $0) in present || ("./" $0) in folders { next }
    {
      way = "."
      parts = split($0, part_of, "/")
      for (i = 1; i < parts; i++) { way = way "/" part_of[i]; if (way in present) next }
      print sha[$0] " ./" $0
    }' part=1 ../present part=2 ../folders part=3 "$manifest" part=4 "$names" >../wanted ||
    fail_write "No space left, or what $old lists cannot be read"
}

# offered: the paths of those that lie there as plain files; parents: their folders, where they are to be made
# lacking: how many do not
find_offered() {
  (cd "$old/$room" && find . -name '*[[:cntrl:]]*' -prune -o -type f -print) >../there 2>/dev/null
  : >../offered && : >../parents &&
    lacking=$(awk '
      part == 1 { folders[$0]; next }
      part == 2 { there[$0]; next }
      { path = substr($0, 66) }
      !(path in there) { lacking++; next }
      {
        print path >"../offered"
        for (sub(/\/[^\/]*$/, "", path); !(path in folders) && path != "."; sub(/\/[^\/]*$/, "", path)) {
          folders[path]
          print path >"../parents"
          print path >>"../folders"
        }
      }
      END { print lacking + 0 }' part=1 ../folders part=2 ../there part=3 ../wanted) ||
    fail_write "No space left, or $old cannot be read"
}

# LIST COMMAND…: with all lines of LIST, at once or in a few goes
with_all() {
  lines=$1
  shift
  tr '\n' '\000' <"$lines" | xargs -0 "$@"
}

# Copies what is offered and keeps what has the right bytes; the rest was damaged.
take() {
  need xargs
  copy_offered 2>../errors
  if [ -s ../errors ]; then
    words=$(tail -c 700 ../errors)
    case $words in
      *'o space left'* | *'quota exceeded'*) fail 73 disk-full "no space for what release $name still serves: $words" ;;
    esac
  fi
  # shellcheck disable=SC2086  # a command and its options
  (cd "tree/$room" && with_all "$junk/offered" $sha) >../sums 2>/dev/null
  : >../refused
  counts=$(awk '
    part == 1 { sha[substr($0, 67)] = substr($0, 1, 64); next }
    part == 2 { wanted[substr($0, 66)] = substr($0, 1, 64); next }
    sha[$0] == wanted[$0] { good++; print >>"../present"; print >>"../bridged"; next }
    { bad++; print >"../refused" }
    END { print good + 0, bad + 0 }' part=1 ../sums part=2 ../wanted part=3 ../offered) ||
    fail_write "No space left, or what release $name serves cannot be read"
  bridged=$((bridged + ${counts% *})) skipped=$((skipped + ${counts#* }))
  [ ! -s ../refused ] || (cd "tree/$room" && with_all "$junk/refused" rm -f) 2>/dev/null
}

# Modes as they were. Links are followed, so nothing but a file can result, and its bytes are compared.
copy_offered() {
  [ -d "tree/$room" ] || mkdir -p -- "tree/$room" || return 1
  [ ! -s ../parents ] || (cd "tree/$room" && with_all "$junk/parents" mkdir -p) || return 1
  option=-f
  case $copies in *--reflink*) option=--reflink=auto ;; esac
  umask_was=$(umask)
  umask 0
  case $copies in
    *--parents*) (cd "$old/$room" && with_all "$junk/offered" cp "$option" --parents -t "$junk/in/tree/$room") ;;
    *) copy_by_folder "$junk/offered" "$old/$room" "tree/$room" "$option" ;;
  esac
  umask "$umask_was"
}
