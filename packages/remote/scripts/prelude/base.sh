# sets B D L owned perms
#
# deploy-to: where everything is.

# uid and permissions of PATH itself, links not followed
owner_of() {
  set -f
  # shellcheck disable=SC2046  # the words of ls are wanted apart
  set -- $(ls -ldn -- "$1")
  set +f
  perms=${1-} owned=${3-}
}

# deploy-to as given -> B, D, L; refuses what another user could have planted. Writes nothing.
use_base() {
  # shellcheck disable=SC2088  # the tilde is text here: it is resolved against HOME by us
  case $1 in
    '~/'*) [ -n "${HOME-}" ] && B=$HOME/${1#'~/'} || fail 64 argument-refused 'HOME is not set on this host' ;;
    /*) B=$1 ;;
    *) fail 64 argument-refused "deploy-to must be absolute or start with ~/: $1" ;;
  esac
  while [ "$B" != "${B%/}" ]; do B=${B%/}; done
  case $B/ in / | */../* | */./*) fail 64 argument-refused "deploy-to is not a plain path: $1" ;; esac
  D=$B/.deploy L=$B/.deploy/lock
  safe_link "$B"
  safe_link "$B/shared"
  for path in "$B/releases" "$D"; do
    [ ! -L "$path" ] || fail 71 path-unsafe "$path is a link"
  done
  [ ! -e "$D" ] || safe_own
}

safe_link() {
  [ -L "$1" ] || return 0
  owner_of "$1"
  [ "$owned" = 0 ] || [ "$owned" = "$(id -u)" ] || fail 71 path-unsafe "$1 is a link made by uid $owned"
}

safe_own() {
  [ -d "$D" ] || fail 71 path-unsafe "$D is not a directory"
  # shellcheck disable=SC3067  # a shell without -O says no, and programs are asked
  if [ -O "$D" ]; then return 0; fi 2>/dev/null
  owner_of "$D"
  me=$(id -u)
  [ "$owned" = "$me" ] || fail 71 path-unsafe "$D belongs to uid $owned, this is uid $me"
}

# Makes what is missing; only the first steps of a run (acquire, receive) do.
make_base() {
  if [ ! -d "$B/releases" ] || [ ! -d "$B/shared" ]; then
    failure=$( { umask 022 && mkdir -p "$B/releases" "$B/shared"; } 2>&1) || fail_write "$failure"
  fi
  for path in "$L" "$D/releases" "$D/manifests" "$D/staging" "$D/trash"; do
    [ -d "$path" ] || failure=$(mkdir -p "$path" 2>&1) || fail_write "$failure"
  done
  safe_own
  owner_of "$D"
  case $perms in drwx--[-S]---*) ;; *) chmod u=rwx,go= "$D" || fail 71 path-unsafe "$D cannot be made private" ;; esac
}

need_base() { [ -d "$L" ] || fail 66 deploy-to-missing "$B was not prepared on this host"; }
