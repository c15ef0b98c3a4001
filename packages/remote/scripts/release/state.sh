# with links.sh
# needs check_links()
#
# state BASE TOKEN OWNER RELEASE: marks a prepared release ready. A release beyond ready stays as it is.
act() {
  use_base "$1"
  need_release "$4"
  enter "$2" "$3"
  [ -d "$B/releases/$4" ] || fail 66 release-missing "there is no release $4 in $B/releases"
  state_of "$4"
  if [ "$state" = partial ]; then
    check_links "$4"
    set_state "$4" ready || fail_write "No space left, or the state of $4 cannot be written"
    state=ready
  fi
  unlock
  say "state $state"
}
main "$@" </dev/null
