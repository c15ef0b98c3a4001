# needs cur owner
#
# floor BASE TOKEN OWNER RELEASE: RELEASE is live everywhere, and what it does to the data now leaves no way back to older ones: in
# .deploy/floor, written before it begins.
act() {
  use_base "$1"
  need_release "$4"
  enter "$2" "$3"
  read_current
  [ "$cur" = "$4" ] || fail 67 current-changed "current is $cur, expected $4"
  must_put "$D/floor" "1 $owner $(stamp) $4"
  journal "$4" "$4" floor ok
  unlock
  say floor
}
main "$@" </dev/null
