# home BASE: deploy-to as it is configured, made absolute.
act() {
  use_base "$1"
  say "base $(printf '%s' "$B" | hex)"
}
main "$@" </dev/null
