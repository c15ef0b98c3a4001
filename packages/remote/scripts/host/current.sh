# shellcheck shell=sh
# shellcheck disable=SC2154  # kind, cur and target are set by prelude.sh
#
# current BASE: what `current` is. Reads only.
act() {
  use_base "$1"
  read_current
  say "current $kind $cur $(hex_of "$target")"
}
main "$@" </dev/null
