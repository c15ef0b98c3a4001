# shellcheck shell=sh
# shellcheck disable=SC2015  # `A && B || fail`: should B fail, failing is right
# shellcheck disable=SC2034,SC2154  # set by prelude.sh: B, D, state, sha and the like; read by bridge.sh: reach, room
#
# with bridge.sh
#
# prepare BASE TOKEN OWNER RELEASE MANIFEST-SHA FILES FROM|- TOUCH-TIME READY(0|1) RECORD REVISION BRIDGED FOLDER|-
#         N [DIRECTORY…N] [FILE…]
# stdin: gzip of a tar of manifest, keep and tree/. RECORD is the inside of the JSON state.
# Everything happens in a private staging folder; one rename makes the release, under mutex and fence.
act() {
  [ "$#" -ge 14 ] || fail 64 argument-refused 'prepare takes fourteen arguments or more'
  use_base "$1"
  id=$4 want=$5 files=$6 from=$7 time=$8 ready=$9
  need_release "$id"
  [ "$from" = - ] || need_release "$from"
  for tool in awk cmp find gzip sort stat tar; do need "$tool"; done
  sha_tool
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
  details=$1 revision=$2 reach=$3 room=$4 directories=$5
  shift 5
  stage
  extract
  inspect
  if [ -s keep ]; then copy; elif [ -e keep ]; then rm -f keep; fi
  compare
  [ "$from" = - ] || (cd tree && TZ=UTC0 find . ! -type l -exec touch -t "$time" {} +)
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
  case $words in
    *'o space left'* | *'quota exceeded'*) fail 73 disk-full "no space for release $id in $D/staging: $words" ;;
    *) fail 74 stream-damaged "the upload of $id could not be unpacked (gzip:tar ended $codes): $words" ;;
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
  [ ! -e keep ] || [ -f keep ] || refuse 'keep is not a file'
  [ -d tree ] || mkdir tree || refuse 'tree is not a directory'
  chmod 755 tree
  sha_of manifest
  [ "$sum" = "$want" ] || refuse "the manifest has SHA-256 $sum, announced was $want"
  counted=$(grep -c '^[fl]' manifest)
  [ "$counted" = "$files" ] || refuse "the manifest has $counted files, announced were $files"
  [ ! -e tree/REVISION ] && [ ! -L tree/REVISION ] || refuse 'a file REVISION at the top is ours to write'
}

# Unchanged files come from the release before. A path may not leave the tree, nor pass a link.
copy() {
  [ "$from" != - ] || refuse 'it keeps files but names no release to keep them from'
  base=$B/releases/$from
  [ -d "$base" ] && [ ! -L "$base" ] || fail 66 base-changed "release $from, which this upload builds on, is gone"
  (cd tree && find . -type l) >../links
  cd .. || exit 70
  bad=$(awk -F/ 'FILENAME=="links"{l[substr($0,3)]=1;next}{p="";for(i=1;i<=NF;i++){if($i==""||$i=="."||$i==".."){print;exit}p=p (i>1?"/":"") $i;if(p in l){print;exit}}}' links in/keep)
  cd in || exit 70
  [ -z "$bad" ] || refuse "it keeps a path that is not allowed: $bad"
  if cp --help 2>&1 | grep -q -e --parents; then
    failure=$( (cd "$base" && tr '\n' '\000' <"$junk/in/keep" | xargs -0 cp -pP --parents -t "$junk/in/tree" --) 2>&1)
  else
    failure=$(copy_by_folder keep "$base" tree -pP 2>&1)
  fi
  copied=$?
  [ "$copied" != 0 ] || return 0
  case $failure in
    *'o space left'* | *'quota exceeded'*) fail 73 disk-full "no space for release $id in $D/staging: $failure" ;;
    *) fail 66 base-changed "release $from no longer holds what this upload builds on: $failure" ;;
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

# What lies there is listed again and must be the manifest, byte for byte.
compare() {
  cd tree || exit 70
  # shellcheck disable=SC2086  # a command and its options
  find . -type f -exec $sha {} + >../../sums 2>../../list.err &&
    find . -exec stat -c '%f %a %s %h %n' {} + >../../stats 2>>../../list.err &&
    list_links >../../lines || fail_write "the files of $id cannot be listed: $(tail -c 700 ../../list.err)"
  cd ../.. || exit 70
  awk 'FILENAME=="sums"{s[substr($0,69)]=substr($0,1,64);next}{k=substr($1,1,1);m=$2;n=substr($0,length($1 $2 $3 $4)+5);if(n==".")next;n=substr(n,3);if(k=="8"&&$4==1&&length(m)<=3)print "f\t" m "\t" $3 "\t" s[n] "\t" n;else if(k=="4")print "d\t" substr(m,length(m)>3?length(m)-2:1) "\t-\t-\t" n;else if(k!="a")print "!" n}' sums stats >>lines &&
    sort lines >listed || fail_write "No space left, or the files of $id cannot be listed"
  odd=$(grep -m 1 '^!' listed)
  [ -z "$odd" ] || refuse "not a plain file, or with special permissions: ${odd#!}"
  cmp -s listed in/manifest || differs
  cd in || exit 70
}

list_links() {
  find . -type l | while IFS= read -r path; do
    printf 'l\t-\t-\t-\t%s\t%s\n' "${path#./}" "$(readlink "$path")" || return 1
  done
}

# Names the first line that is not as announced; a copied file that differs asks for a whole upload.
differs() {
  line=$(awk 'FILENAME=="listed"{a[FNR]=$0;n=FNR;next}a[FNR]!=$0{print;exit}' listed in/manifest)
  [ -n "$line" ] || line=$(awk 'FILENAME=="in/manifest"{a[$0]=1;next}!($0 in a){print;exit}' in/manifest listed)
  path=$(printf '%s\n' "$line" | cut -f 5)
  if [ -s in/keep ] && deploy_path=$path awk '$0==ENVIRON["deploy_path"]{f=1}END{exit !f}' in/keep; then
    fail 66 base-changed "$path in release $from is not as it was deployed"
  fi
  fail 74 stream-damaged "release $id is not what was packed; first difference: $path"
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
  record="\"manifest\":\"$want\",$details,\"created\":\"$(stamp)\"}"
  state=partial
  [ "$ready" = 0 ] || state=ready
  mv -f manifest "$D/manifests/$id" || fail_write "$D/manifests/$id cannot be written"
  must_put "$D/releases/$id.json" "{\"schema\":1,\"state\":\"$state\",$record"
  if [ "$there" = redo ]; then
    chmod u+w "$B/releases/$id"
    failure=$( { mkdir "$D/trash/$id.$$" && mv "$B/releases/$id" "$D/trash/$id.$$/"; } 2>&1) || fail_write "$failure"
  fi
  failure=$(mv "../$id" "$B/releases/" 2>&1) || fail_write "$failure"
  journal - "$id" upload ok
  unlock
  cd "$D" && rm -rf -- "$D/trash/$id.$$"
  say "prepared $state"
}
main "$@"
