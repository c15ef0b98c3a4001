# The shared paths of a release, for the steps that a command of the user's may come before.

# RELEASE: fails where something else is by now what receive.sh made a link to shared/
check_links() {
  [ -f "$D/releases/$1.shared" ] || return 0
  while IFS= read -r path; do
    is_shared "$1" "$path" || fail 65 shared-replaced "$B/releases/$1/$path is no longer the link to $B/shared/$path"
  done <"$D/releases/$1.shared"
}

# RELEASE PATH: it leads where it did; what is not there yet in shared/ counts by name
is_shared() {
  # shellcheck disable=SC3013  # a shell without -ef says no, and readlink is asked
  if [ "$B/releases/$1/$2" -ef "$B/shared/$2" ]; then return 0; fi 2>/dev/null
  up=../.. rest=$2
  while [ "$rest" != "${rest#*/}" ]; do rest=${rest#*/} up=$up/..; done
  [ "$(readlink "$B/releases/$1/$2")" = "$up/shared/$2" ]
}
