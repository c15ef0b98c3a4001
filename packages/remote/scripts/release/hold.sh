# needs cur owner
#
# hold BASE TOKEN OWNER RELEASE: RELEASE is live here and stays so, beside hosts that serve another, until somebody says which: in
# .deploy/held, which `finish` drops.
act() {
  use_base "$1"
  need_release "$4"
  enter "$2" "$3"
  read_current
  [ "$cur" = "$4" ] || fail 67 current-changed "current is $cur, expected $4"
  must_put "$D/held" "1 $owner $(stamp) $4"
  journal "$4" "$4" hold ok
  unlock
  say held
}
main "$@" </dev/null
