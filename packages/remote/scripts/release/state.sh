# with links.sh
# needs record check_links()
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
    taken_away "$4"
    rest=${record#*\"state\":\"*\"}
    put "$D/releases/$4.json" "{\"schema\":1,\"state\":\"ready\"${rest%\}}$(weight "$B/releases/$4")}" ||
      fail_write "No space left, or the state of $4 cannot be written"
    state=ready
  fi
  unlock
  say "state $state"
}

# RELEASE: what its commands took away of what was sent, in .deploy/releases/RELEASE.gone. Nobody's hand, for drift.sh; a list that cannot be
# written only makes it say more.
taken_away() {
  (cd "$B/releases/$1" && find . | awk -F '\t' '
    part == 1 { here[$0]; next }
    !(("./" $5) in here) { print $5 }' part=1 - part=2 "$D/manifests/$1") >"$D/releases/$1.gone" 2>/dev/null
  [ -s "$D/releases/$1.gone" ] || rm -f -- "$D/releases/$1.gone"
}

# FOLDER: kilobytes and inodes of all that the commands left there, for the record: the next plan wants as much room.
weight() {
  find "$1" \( -type d -o -links 1 \) -exec stat -c %b {} + 2>/dev/null |
    awk '{ blocks += $1 } END { if (NR) printf ",\"weight\":\"%d %d\"", blocks / 2, NR }'
}
main "$@" </dev/null
