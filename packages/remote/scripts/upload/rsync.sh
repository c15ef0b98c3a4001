# with streamed.sh staged.sh
# needs owned perms evict() frame_up() is_there()
# sets id owner token
#
# rsync BASE TOKEN OWNER RELEASE FROM|- PROTOCOL ARG…
# The receiving end of the runner's rsync; ARG… is what that one asks for, PROTOCOL the least version of it.
# stdin and stdout are its protocol. stdout: the begin line, then that; the answer is on stderr, framed there.
# What is received stays in .deploy/staging/RELEASE.rsync: a later attempt goes on from it, receive.sh adopts it.
# RELEASE.rsync.from beside it names the release to which its files are linked.
begin() {
  exec 3>&1 1>&2
  printf '\n%s\n' '--deploy-begin--' >&3
}

act() {
  [ "$#" -ge 9 ] || fail 64 argument-refused 'rsync takes nine arguments or more'
  use_base "$1"
  id=$4 from=$5 protocol=$6 reuse=''
  need_release "$id"
  [ "$from" = - ] || need_release "$from"
  need rsync
  check_version_of_rsync
  token=$2 owner=$3
  shift 6
  check_args "$@"
  make_base
  enter "$token" "$owner"
  stage=$D/staging/$id.rsync
  if is_there "$stage"; then
    unlock
    frame_up
    say already
    return 0
  fi
  check_from
  open_stage
  unlock
  let_write "$@"
}

check_version_of_rsync() {
  words=$(rsync --version 2>&1)
  spoken=${words#*rotocol version }
  spoken=${spoken%%[!0-9]*}
  digits "$spoken" && [ "$spoken" -ge "$protocol" ] ||
    fail 78 rsync-unusable "rsync on this host is too old: $(say "$words" | head -n 1)"
}

# What the runner's rsync asks for, in any version: the receiving end, the options that we gave it, our own folder.
check_args() {
  [ "$1" = --server ] || odd "$1"
  shift
  while [ "$#" -gt 2 ]; do
    case $1 in
      --delete | --delete-during | --partial | --stats) ;;
      --copy-dest | --link-dest)
        [ "$from" != - ] && [ "$2" = "../../../releases/$from" ] || odd "$1 $2"
        reuse=$1
        shift
        ;;
      --* | -*[!A-Za-z0-9.]*) odd "$1" ;;
      -[clprt]*)
        letters=${1%%e*} # what follows e is what that rsync is able to
        case $letters in -*[!clprt]*) odd "$1" ;; esac
        ;;
      *) odd "$1" ;;
    esac
    shift
  done
  [ "$*" = '. ./' ] || odd "$*"
}

odd() { fail 64 argument-refused "the runner's rsync asks for something that it was not told to: $1"; }

check_from() {
  [ "$from" != - ] || return 0
  state_of "$from"
  case $state in ready | active | good) ;; *) state=no ;; esac
  if [ "$state" = no ] || [ ! -d "$B/releases/$from" ] || [ -L "$B/releases/$from" ]; then
    fail 66 base-changed "release $from, which this upload builds on, is not there as a whole"
  fi
}

# Under the mutex, and as the one run that may: what other runs left is theirs no more.
open_stage() {
  [ ! -L "$D/staging" ] || fail 71 path-unsafe "$D/staging is a link"
  for path in "$D/staging"/*.rsync*; do
    [ "$path" = "$stage" ] || rm -rf -- "$path"
  done
  if [ -e "$stage" ] || [ -L "$stage" ]; then safe_stage; fi
  [ -d "$stage" ] || failure=$(mkdir -- "$stage" 2>&1) || fail_write "$failure"
  cd -P -- "$stage" || fail_write "$stage cannot be entered"
}

safe_stage() {
  [ -d "$stage" ] && [ ! -L "$stage" ] || fail 71 path-unsafe "$stage is not a folder"
  owner_of "$stage"
  [ "$owned" = "$(id -u)" ] || fail 71 path-unsafe "$stage belongs to uid $owned, this is uid $(id -u)"
  case $perms in d????w* | d???????w*) fail 71 path-unsafe "$stage may be written to by others" ;; esac
  # Where nobody can tell who is in it, a new one.
  if [ -d /proc/self ]; then evict "$stage" rsync; else rm -rf -- "$stage"; fi
}

let_write() {
  rsync "$@" >&3 3>&-
  code=$?
  exec 3>&-
  frame_up
  [ "$code" = 0 ] || fail 74 rsync-failed "rsync on this host ended $code"
  linked=0
  if [ "$reuse" = --link-dest ]; then
    must_put "$stage.from" "$from"
    linked=$(find . -type f -links +1 | wc -l | tr -d ' ')
  fi
  say "received $linked"
}
main "$@"
