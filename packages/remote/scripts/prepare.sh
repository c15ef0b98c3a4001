# shellcheck shell=sh
# shellcheck disable=SC2015  # `A && B || fail`: should B fail, failing is right
# shellcheck disable=SC2034,SC2154  # set by prelude.sh: B, D, state, sha and the like; read by bridge.sh: reach, room
#
# with bridge.sh
#
# prepare BASE TOKEN OWNER RELEASE MANIFEST-SHA FILES FROM|- TOUCH-TIME READY(0|1) RECORD REVISION BRIDGED FOLDER|-
#         copy|link N [DIRECTORY…N] [FILE…]
# stdin: gzip of a tar of manifest, keep and tree/. RECORD is the inside of the JSON state.
# Everything happens in a private staging folder; one rename makes the release, under mutex and fence.
# Every program that is started costs about 1 ms of a host's time: docs/decisions/0006-redeploy-speed.md
act() {
  [ "$#" -ge 15 ] || fail 64 argument-refused 'prepare takes fifteen arguments or more'
  use_base "$1"
  id=$4 want=$5 files=$6 from=$7 time=$8 ready=$9
  need_release "$id"
  [ "$from" = - ] || need_release "$from"
  for tool in awk find gzip stat tar; do need "$tool"; done
  for sha in openssl sha256sum shasum; do ! command -v "$sha" >/dev/null 2>&1 || break; done
  command -v "$sha" >/dev/null 2>&1 || fail 78 tool-missing 'none of sha256sum, shasum, openssl is installed on this host'
  make_base
  enter "$2" "$3"
  look
  unlock
  if [ "$there" = whole ]; then
    cat >/dev/null
    say "already $state"
    return 0
  fi
  shift 9
  details=$1 revision=$2 reach=$3 room=$4 how=$5 directories=$6
  shift 6
  stage
  extract
  inspect
  [ ! -s keep ] || copy
  compare
  share "$@"
  printf '%s\n' "$revision" >tree/REVISION || fail_write "No space left, or REVISION cannot be written"
  bridge
  publish
}

# there: no, whole, or redo (left behind by a run that ended, or marked bad; never what is live)
look() {
  there=no state=partial
  [ -e "$B/releases/$id" ] || [ -L "$B/releases/$id" ] || return 0
  [ -d "$B/releases/$id" ] && [ ! -L "$B/releases/$id" ] || fail 65 release-differs "$B/releases/$id is not a directory"
  state_of "$id"
  digest=${record#*\"manifest\":\"}
  digest=${digest%%\"*}
  if [ "$state" = foreign ] || [ "$digest" != "$want" ]; then
    fail 65 release-differs "release $id is there already with other content"
  fi
  there=whole
  case $state in partial | bad) ;; *) return 0 ;; esac
  read_current
  if [ "$cur" != "$id" ]; then
    there=redo
  elif [ "$state" = partial ]; then
    fail 65 release-differs "release $id is live but was never completed"
  fi
}

stage() {
  sweep "$D/staging"
  sweep "$D/trash"
  junk=$D/staging/$id.$$
  failure=$(mkdir -- "$junk" "$junk/in" 2>&1) || fail_write "$failure"
  umask 022
  cd "$junk/in" || fail_write "$junk/in cannot be entered"
}

# No pipefail in sh: both codes go to files, and a code that is missing is a failure.
# tar may stop before the stream does: the rest is drained, so that gzip meets no closed pipe.
extract() {
  { gzip -dc 2>../gzip.err; echo "$?" >../gzip.rc; } | { tar -xpof - 2>../tar.err; echo "$?" >../tar.rc; cat >/dev/null; }
  unzipped='' untarred=''
  [ ! -f ../gzip.rc ] || read -r unzipped <../gzip.rc
  [ ! -f ../tar.rc ] || read -r untarred <../tar.rc
  codes=$unzipped:$untarred
  [ "$codes" != 0:0 ] || return 0
  words=$(tail -c 700 ../gzip.err 2>/dev/null; tail -c 700 ../tar.err 2>/dev/null)
  case $words:$codes in
    *'o space left'* | *'quota exceeded'*) fail 73 disk-full "no space for release $id in $D/staging: $words" ;;
    ::* | :*:) fail 73 disk-full "no space for release $id in $D/staging, not even for what gzip and tar said" ;;
    *) fail 74 stream-damaged "the upload of $id could not be unpacked (gzip:tar ended $codes): $words" ;;
  esac
}

# FILE: the end of what a program said; where there was no room for it, that
cat_words() {
  if [ -s "$1" ]; then tail -c 700 "$1"; else printf 'No space left'; fi
}

refuse() { fail 74 stream-refused "the upload of $id was refused: $1"; }

# Only what was announced, and nothing a later write could follow out of the staging folder.
inspect() {
  for path in * .[!.]* ..?*; do
    if [ ! -e "$path" ] && [ ! -L "$path" ]; then continue; fi
    case $path in manifest | keep | tree) ;; *) refuse "unexpected entry $path" ;; esac
    [ ! -L "$path" ] || refuse "$path is a link"
  done
  [ -f manifest ] || refuse 'there is no manifest'
  [ -e keep ] || : >keep
  [ -f keep ] || refuse 'keep is not a file'
  [ -d tree ] || mkdir tree || refuse 'tree is not a directory'
  [ ! -e tree/REVISION ] && [ ! -L tree/REVISION ] || refuse 'a file REVISION at the top is ours to write'
}

# Unchanged files come from the release before. A path may not leave the tree, nor be or pass what was sent.
# chosen: the kept files, or in their stead the topmost folders in which everything is kept and nothing else lies.
copy() {
  [ "$from" != - ] || refuse 'it keeps files but names no release to keep them from'
  base=$B/releases/$from
  [ -d "$base" ] && [ ! -L "$base" ] || fail 66 base-changed "release $from, which this upload builds on, is gone"
  (cd tree && kinds .) >../sent || fail_write "No space left, or the files of $id cannot be listed"
  folders=1
  list_base >../old 2>/dev/null || folders=0
  : >../chosen
  bad=$(awk '
    function mix(path) { while (sub(/\/[^\/]*$/, "", path) && !(path in mixed)) mixed[path] }
    part == 1 { if (substr($0, 1, 2) == "d ") folder[substr($0, 3)]; else sent[substr($0, 3)]; next }
    part == 2 {
      keep["./" $0]
      way = "."
      parts = split($0, part_of, "/")
      for (i = 1; i <= parts; i++) {
        way = way "/" part_of[i]
        if (part_of[i] ~ /^\.?\.?$/ || way in sent) { print; exit }
      }
      next
    }
    part == 3 {
      if (substr($0, 2, 3) != " ./") { weird = 1; next } # a name of two lines
      path = substr($0, 3)
      if (substr($0, 1, 1) == "d") {
        if (path in folder) next
        mixed[path]
      } else if (path in keep) next
      mix(path)
      next
    }
    {
      path = "./" $0
      for (up = path; folders && !weird && sub(/\/[^\/]*$/, "", up) && up != "." && !(up in mixed);) path = up
      if (!(path in chosen)) { chosen[path]; print substr(path, 3) >"../chosen" }
    }' part=1 ../sent part=2 keep part=3 ../old part=4 folders="$folders" keep) || fail_write "No space left, or $junk cannot be written"
  [ -z "$bad" ] || refuse "it keeps a path that is not allowed: $bad"
  umask 0
  failure=$(copy_chosen 2>&1)
  copied=$?
  umask 022
  [ "$copied" != 0 ] || return 0
  case $failure in
    *'o space left'* | *'quota exceeded'*) fail 73 disk-full "no space for release $id in $D/staging: $failure" ;;
    *) fail 66 base-changed "release $from no longer holds what this upload builds on: $failure" ;;
  esac
}

# PATH…: `d PATH` for a folder, `X PATH` for anything else, links not followed
kinds() {
  find "$@" -printf '%y %p\n' 2>/dev/null || {
    find "$@" -type d -exec printf 'd %s\n' {} + && find "$@" ! -type d -exec printf 'f %s\n' {} +
  }
}

# What lies in the folders of base that the new tree has at its top; what others have there is none of our business.
list_base() {
  set --
  cd tree || return 1
  for path in * .[!.]* ..?*; do
    if [ -d "$path" ] && [ ! -L "$path" ] && [ -d "$base/$path" ] && [ ! -L "$base/$path" ]; then set -- "$@" "./$path"; fi
  done
  cd .. || return 1
  [ "$#" -eq 0 ] || (cd "$base" && kinds "$@")
}

# Without -p: modes come whole under this umask; owner and times are ours, as in a full upload.
copy_chosen() {
  option=-P
  [ "$how" != link ] || option=-Pl
  if (cd "$base" && with_all "$junk/chosen" cp "$option" -R --reflink=auto --parents -t "$junk/in/tree" --) 2>../cp.err; then return 0; fi
  case $(cat ../cp.err) in
    *nrecognized* | *nvalid\ option* | *llegal\ option*) copy_by_folder keep "$base" tree "$option" ;;
    *)
      tail -c 700 ../cp.err
      return 1
      ;;
  esac
}

# LIST FROM TO OPTION, without cp --parents: one cp per folder, at most 200 files at a time.
copy_by_folder() {
  list=$1 source=$2 target=$3 option=$4 folder='' outcome=0
  set --
  while IFS= read -r path; do
    dir=${path%/*}
    [ "$dir" != "$path" ] || dir=.
    if [ "$dir" != "$folder" ] || [ "$#" -ge 200 ]; then
      [ "$#" -eq 0 ] || cp "$option" "$@" "$target/$folder/" || outcome=1
      set --
      folder=$dir
    fi
    set -- "$@" "$source/$path"
  done <"$list"
  [ "$#" -eq 0 ] || cp "$option" "$@" "$target/$folder/" || outcome=1
  return "$outcome"
}

# What lies there is listed again and must be the manifest, line by line. Nothing but the word `whole` is whole.
compare() {
  cd tree || exit 70
  take_stock 2>../../list.err || fail_write "the files of $id cannot be listed: $(cat_words ../../list.err)"
  cd ../.. || exit 70
  verdict=$(deploy_how=$how deploy_want=$want awk '
    function differs(path) { if (first == "" || path "" < first) first = path "" }
    BEGIN { FS = "\t"; linked = ENVIRON["deploy_how"] == "link" }
    part == 1 { manifest[$0] = $5; lines++; if ($1 == "f" || $1 == "l") files++; next }
    part == 2 { keep[$0]; next }
    part == 3 { sha[substr($0, 69)] = substr($0, 1, 64); next }
    $5 == "../manifest" { next }
    $5 == "." { if (substr($2, length($2) - 2) != "755") odd = "the top folder"; next }
    {
      path = substr($5, 3)
      line = ""
      if ($1 == "f" && length($2) <= 3 && ($4 == 1 || linked && path in keep)) line = "f\t" $2 "\t" $3 "\t" sha[path] "\t" path
      else if ($1 == "d") line = "d\t" substr($2, length($2) > 3 ? length($2) - 2 : 1) "\t-\t-\t" path
      else if ($1 == "l") line = "l\t-\t-\t-\t" path "\t" substr($0, length($1 $2 $3 $4 $5) + 6)
      else if (odd == "") odd = path
      if (line in manifest) { found++; delete manifest[line] } else differs(path)
    }
    END {
      if (sha["/manifest"] != ENVIRON["deploy_want"]) print "other " sha["/manifest"]
      else if (odd != "") print "odd " odd
      else if (found == lines && first == "") print "whole " (files + 0)
      else { for (line in manifest) differs(manifest[line]); print (first in keep ? "kept " : "sent ") first }
    }' part=1 in/manifest part=2 in/keep part=3 sums part=4 lines) || fail_write "the files of $id cannot be compared"
  path=${verdict#* }
  case $verdict in
    "whole $files") ;;
    'whole '*) refuse "the manifest has $path files, announced were $files" ;;
    'other '*) refuse "the manifest has SHA-256 $path, announced was $want" ;;
    'odd '*) refuse "not a plain file, or with special permissions: $path" ;;
    'kept '*) fail 66 base-changed "$path in release $from is not as it was deployed" ;;
    *) fail 74 stream-damaged "release $id is not what was packed; first difference: $path" ;;
  esac
  cd in || exit 70
  [ "$retimed" = 1 ] || [ "$from" = - ] || retime
}

# sums: of every file and of ../manifest · lines: type, permissions, size, links, path, target, with tabs between them
# Copies get the commit's time, as what was sent has it. What is linked belongs to the live release too, and keeps its own.
# All of it in one walk where find can do that (the times of a file with other names, which is refused, are let alone).
# The processor has instructions for SHA, which openssl uses (measured:
# half the time of coreutils).
take_stock() {
  retimed=1
  set -- -type f
  [ "$from" = - ] || set -- \( \( -type d -o -type f -links 1 \) -exec touch -t "$time" {} + -o -type f \) -type f
  TZ=UTC0
  export TZ
  case $sha in
    openssl)
      sha='openssl dgst -sha256 -r'
      if walk "$@"; then return 0; fi
      sha=sha256sum # an openssl that cannot
      ;;
    shasum) sha='shasum -a 256' ;;
  esac
  walk "$@"
}

walk() {
  # shellcheck disable=SC2086  # a command and its options
  if find ../manifest . -fprintf ../../lines '%y\t%m\t%s\t%n\t%p\t%l\n' "$@" -exec $sha {} + >../../sums; then return 0; fi
  retimed=0 tab=$(printf '\t')
  # shellcheck disable=SC2086  # a command and its options
  find ../manifest . -type f -exec $sha {} + >../../sums &&
    find . -type f -exec stat -c "f$tab%a$tab%s$tab%h$tab%n$tab" {} + >../../lines &&
    find . -type d -exec stat -c "d$tab%a$tab%s$tab%h$tab%n$tab" {} + >>../../lines &&
    find . ! -type f ! -type d ! -type l -exec stat -c "?$tab%a$tab%s$tab%h$tab%n$tab" {} + >>../../lines &&
    list_links >>../../lines
}

retime() {
  case $how in
    link) (cd tree && TZ=UTC0 find . \( -type d -o -type f -links 1 \) -exec touch -t "$time" {} +) ;;
    *) (cd tree && TZ=UTC0 find . ! -type l -exec touch -t "$time" {} +) ;;
  esac
}

list_links() {
  find . -type l | while IFS= read -r path; do
    printf 'l\t-\t-\t-\t%s\t%s\n' "$path" "$(readlink "$path")" || return 1
  done
}

# Declared folders that are missing are made, nothing that exists is touched, links are relative.
share() {
  umask 022
  for path in "$@"; do
    if [ "$directories" -gt 0 ]; then
      directories=$((directories - 1))
      failure=$(mkdir -p -- "$B/shared/$path" 2>&1) || fail 65 shared-collision "shared/$path cannot be made: $failure"
    elif [ -d "$B/shared/$path" ]; then
      fail 65 shared-collision "shared/$path is declared a file but is a directory"
    fi
    link_shared "$path"
  done
}

link_shared() {
  up=../.. here=tree rest=$1
  while [ "$rest" != "${rest#*/}" ]; do
    here=$here/${rest%%/*} rest=${rest#*/} up=$up/..
    [ ! -L "$here" ] || fail 65 shared-collision "${here#tree/} is a link, but $1 is declared shared"
    [ -d "$here" ] || mkdir -- "$here" || fail 65 shared-collision "${here#tree/} is a file, but $1 is declared shared"
  done
  if [ -e "tree/$1" ] || [ -L "tree/$1" ]; then
    fail 65 shared-collision "$1 is declared shared, but the release brings its own"
  fi
  ln -s "$up/shared/$1" "tree/$1" || fail_write "No space left, or the link $1 cannot be made"
}

# The record comes first: a folder in releases/ without one is another tool's.
publish() {
  sync -f tree 2>/dev/null || sync
  umask 077
  mv tree "../$id" || fail_write "$junk/$id cannot be made"
  lock
  fence "$token" "$owner"
  look
  [ "$there" != whole ] || fail 75 lock-busy "release $id was made by another process meanwhile"
  now=$(stamp)
  record="\"manifest\":\"$want\",$details,\"created\":\"$now\"}"
  state=partial
  [ "$ready" = 0 ] || state=ready
  mv -f manifest "$D/manifests/$id" || fail_write "$D/manifests/$id cannot be written"
  must_put "$D/releases/$id.json" "{\"schema\":1,\"state\":\"$state\",$record"
  if [ "$there" = redo ]; then
    chmod u+w "$B/releases/$id"
    failure=$( { mkdir "$D/trash/$id.$$" && mv "$B/releases/$id" "$D/trash/$id.$$/"; } 2>&1) || fail_write "$failure"
  fi
  failure=$(mv "../$id" "$B/releases/" 2>&1) || fail_write "$failure"
  journal - "$id" upload ok "$now"
  unlock
  cd "$D" || exit 70
  [ "$there" != redo ] || rm -rf -- "$D/trash/$id.$$"
  say "prepared $state"
}
main "$@"
