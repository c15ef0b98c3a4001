# manifest BASE RELEASE: the stored manifest, each line as it is (they begin with d, f or l and a tab).
act() {
  use_base "$1"
  need_release "$2"
  state_of "$2"
  digest=${record#*\"manifest\":\"}
  if [ -z "$record" ] || [ ! -f "$D/manifests/$2" ]; then
    fail 66 manifest-missing "release $2 has no manifest in $D/manifests"
  fi
  say "digest ${digest%%\"*}"
  cat "$D/manifests/$2" || fail 66 manifest-missing "$D/manifests/$2 cannot be read"
}
main "$@" </dev/null
