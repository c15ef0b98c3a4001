# needs cur kind target
#
# current BASE: what `current` is. Reads only.
act() {
  use_base "$1"
  read_current
  say "current $kind $cur $(hex_of "$target")"
}
main "$@" </dev/null
