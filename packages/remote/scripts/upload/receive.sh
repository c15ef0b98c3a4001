# with sweep.sh adopt.sh fetch.sh keep.sh marks.sh verify.sh bridge.sh
# needs cur owner token bridge() compare() copy() fetch() fetched() need_fetcher() sweep() sweep_staged()
# sets files from how id junk reach room sha source time verify want
#
# receive BASE TOKEN OWNER RELEASE MANIFEST-SHA FILES FROM|- TOUCH-TIME READY(0|1) RECORD REVISION BRIDGED FOLDER|-
#         copy|link changed|whole gzip|zstd|none stream|url:BYTES|staged|git TENANT N [DIRECTORY…N] [FILE…]
# stdin: a tar of manifest, keep and tree/; or a line with the address of one. RECORD is the inside of the JSON state.
# TENANT: `APP ENVIRONMENT REPOSITORY|-`, whose this folder is from now on.
# Everything happens in a private staging folder; one rename makes the release, under mutex and fence.
# Every program that is started costs about 1 ms of a host's time: docs/decisions/0006-redeploy-speed.md
act() {
  [ "$#" -ge 19 ] || fail 64 argument-refused 'receive takes nineteen arguments or more'
  use_base "$1"
  id=$4 want=$5 files=$6 from=$7 time=$8 ready=$9
  need_release "$id"
  [ "$from" = - ] || need_release "$from"
  for tool in awk find stat tar; do need "$tool"; done
  for sha in openssl sha256sum shasum; do ! command -v "$sha" >/dev/null 2>&1 || break; done
  command -v "$sha" >/dev/null 2>&1 || fail 78 tool-missing 'none of sha256sum, shasum, openssl is installed on this host'
  make_base
  enter "$2" "$3"
  move_in "${18}"
  look
  unlock
  if [ "$there" = whole ]; then
    cat >/dev/null
    say "already $state"
    return 0
  fi
  shift 9
  details=$1 revision=$2 reach=$3 room=$4 how=$5 verify=$6 encoding=$7 source=$8 directories=${10}
  shift 10
  limit=''
  case $source in url:*) limit=${source#url:} source=url ;; esac
  [ "$source" != url ] || digits "$limit" || fail 64 argument-refused "not a number of bytes: $limit"
  [ "$encoding" = none ] || need "$encoding"
  [ "$source" != url ] || need_fetcher
  stage
  extract
  inspect
  case $source in
    staged) adopt ;;
    *) [ ! -s keep ] || copy ;;
  esac
  # Until now what was kept is one file with what git wrote.
  [ "$source" != git ] || rm -rf -- "$D/staging/$id.git"
  compare
  share "$@"
  printf '%s\n' "$revision" >tree/REVISION || fail_write "No space left, or REVISION cannot be written"
  # An application may bring, or share, a file of this name: that one stays.
  if [ ! -e tree/RELEASE ] && [ ! -L tree/RELEASE ]; then
    printf '%s\n' "$id" >tree/RELEASE || fail_write "No space left, or RELEASE cannot be written"
  fi
  bridge
  publish "$@"
}

# TENANT, who may be here: the plan asked whose this is. One that does not know its repository lets stand which it was.
move_in() {
  tenant=''
  [ ! -f "$D/tenant" ] || IFS= read -r tenant <"$D/tenant"
  case $tenant in "1 $1" | "1 ${1% -} "*) ;; *) must_put "$D/tenant" "1 $1" ;; esac
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
  [ "$source" = staged ] || sweep_staged
  junk=$D/staging/$id.$$
  failure=$(mkdir -- "$junk" "$junk/in" 2>&1) || fail_write "$failure"
  umask 022
  cd "$junk/in" || fail_write "$junk/in cannot be entered"
  # Not left to tar: a default ACL above would give it modes of its own.
  failure=$( { mkdir tree && chmod 755 tree; } 2>&1) || fail_write "$failure"
}

# No pipefail in sh: both codes go to files, and a code that is missing is a failure.
# tar may stop before the stream does: the rest is drained, so that gzip meets no closed pipe.
extract() {
  if [ "$source" = url ]; then
    fetch | unpack
    fetched
  else
    unpack
  fi
  unzipped='' untarred=''
  [ ! -f ../gzip.rc ] || read -r unzipped <../gzip.rc
  [ ! -f ../tar.rc ] || read -r untarred <../tar.rc
  codes=$unzipped:$untarred
  [ "$codes" != 0:0 ] || return 0
  words=$(tail -c 700 ../gzip.err 2>/dev/null; tail -c 700 ../tar.err 2>/dev/null)
  case $words:$codes in
    *'o space left'* | *'quota exceeded'*) fail 73 disk-full "no space for release $id in $D/staging: $words" ;;
    ::* | :*:) fail 73 disk-full "no space for release $id in $D/staging, not even for what $encoding and tar said" ;;
    *) fail 74 stream-damaged "the upload of $id could not be unpacked ($encoding:tar ended $codes): $words" ;;
  esac
}

unpack() { { decode_stream 2>../gzip.err; echo "$?" >../gzip.rc; } | { tar -xpof - 2>../tar.err; echo "$?" >../tar.rc; cat >/dev/null; }; }

# What a store gives is not believed before it is verified: it may not fill the disk either.
decode_stream() {
  [ "$source" = url ] || { decode_bytes; return; }
  decoded=74
  { decode_bytes; echo "$?" >../decode.rc; } | head -c "$limit"
  [ ! -f ../decode.rc ] || read -r decoded <../decode.rc
  return "$decoded"
}

decode_bytes() {
  case $encoding in
    gzip) gzip -dc ;;
    zstd) zstd -dcq ;;
    none) cat ;;
    *) return 64 ;;
  esac
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
  [ -d tree ] || refuse 'tree is not a directory'
  [ ! -e tree/REVISION ] && [ ! -L tree/REVISION ] || refuse 'a file REVISION at the top is ours to write'
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

# PATH…: of shared/. The record comes first: a folder in releases/ without one is another tool's.
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
  if [ "$#" -eq 0 ]; then rm -f -- "$D/releases/$id.shared"
  else must_put "$D/releases/$id.shared" "$(printf '%s\n' "$@")"
  fi
  rm -rf -- "$D/made/$id" # of what was there before
  keep_marks
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
  say "received $state"
}

# Written to once more, when all that they tell of is over: a file that changes from here on is younger. Without them all is hashed.
keep_marks() {
  if [ -f ../marks ] && echo >>../marks && mv -f ../marks "$D/releases/$id.marks"; then return 0; fi 2>/dev/null
  rm -f -- "$D/releases/$id.marks"
}
main "$@"
