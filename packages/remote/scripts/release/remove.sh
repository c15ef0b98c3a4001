# with sweep.sh
# needs B D wipe()
#
# remove BASE TOKEN OWNER: everything in deploy-to, `current` first and our own records last, so that a run that was cut can go on.
# Nothing below a mount point is ours to remove, and a link goes without what it leads to.
act() {
  use_base "$1"
  enter "$2" "$3"
  mounted
  rm -f -- "$B/current" || fail_write "$B/current could not be removed"
  for path in "$B"/* "$B"/.[!.]* "$B"/..?*; do
    if [ "$path" = "$D" ] || ! { [ -e "$path" ] || [ -L "$path" ]; }; then continue; fi
    wipe "$path" || fail_write "$path could not be removed"
  done
  wipe "$D" || fail_write "$D could not be removed"
  mutex='' # it went along
  rmdir -- "$B" 2>/dev/null
  say removed
}

mounted() {
  [ -r /proc/mounts ] || return 0
  while read -r _ place _; do
    case $place in "$B"/*) fail 71 path-unsafe "$place is mounted there: unmount it first" ;; esac
  done </proc/mounts
}
main "$@" </dev/null
