# shellcheck shell=sh
# shellcheck disable=SC2034  # junk is removed by prelude.sh on exit
# shellcheck disable=SC2154  # B, D, cur, kind, state and the like are set by prelude.sh
#
# flip BASE TOKEN OWNER EXPECT|- TO|- activate|rollback|revert: compare-and-swap of `current`.
# A link of our own is renamed over it: there is no moment without one. TO - removes it again.
act() {
  use_base "$1"
  expect=$4 to=$5 step=$6
  for name in "$expect" "$to"; do [ "$name" = - ] || need_release "$name"; done
  enter "$2" "$3"
  read_current
  case $kind in
    directory) fail 65 current-unusable "$B/current is a directory, not a link" ;;
    foreign) fail 65 current-unusable "$B/current leads to $target, which is no release" ;;
    dangling) if [ "${target##*/}" = "$expect" ]; then cur=$expect; else cur='?'; fi ;;
  esac
  [ "$to" = - ] || allowed
  from=$cur
  if [ "$cur" = "$to" ]; then
    status=already
  else
    [ "$cur" = "$expect" ] || fail 67 current-changed "current is $(named "$cur"), expected $(named "$expect")"
    if [ "$to" = - ]; then take_away; else switch; fi
    status=switched
  fi
  record_states
  [ "$status" = already ] || journal "$from" "$to" "$step" ok
  unlock
  say "$status"
}

named() {
  case $1 in
    -) printf 'nothing' ;;
    '?') printf 'a broken link to %s' "$target" ;;
    *) printf '%s' "$1" ;;
  esac
}

allowed() {
  if [ ! -d "$B/releases/$to" ] || [ -L "$B/releases/$to" ]; then
    fail 66 release-missing "there is no release $to in $B/releases"
  fi
  state_of "$to"
  [ "$cur" != "$to" ] || return 0
  case $step:$state in
    activate:ready | activate:active | activate:good | activate:foreign) ;;
    rollback:good | rollback:foreign) ;;
    revert:ready | revert:active | revert:good | revert:bad | revert:foreign) ;;
    *) fail 65 release-not-ready "release $to is $state: $step is refused" ;;
  esac
}

switch() {
  junk=$D/current # of a run that was killed between the two: ours, under the mutex
  [ ! -L "$junk" ] || rm -f -- "$junk"
  failure=$( { ln -s "releases/$to" "$junk" && mv -f "$junk" "$B/"; } 2>&1) || fail_write "$failure"
  junk=''
  [ "$(readlink "$B/current")" = "releases/$to" ] || fail 73 write-failed "$B/current did not become releases/$to"
  sync "$B" 2>/dev/null || sync
}

take_away() {
  failure=$(rm -f "$B/current" 2>&1) || fail_write "$failure"
}

# Also after `already`: a run killed between the rename and this is made whole by the next.
# The switch is done: a state that cannot be written is not its failure.
record_states() {
  if [ "$to" != - ]; then
    state_of "$to"
    [ "$step:$state" != activate:ready ] || set_state "$to" active || true
  fi
  if [ "$step" = revert ] && [ "$expect" != - ] && [ "$expect" != "$to" ] && [ -d "$B/releases/$expect" ]; then
    set_state "$expect" bad || true
  fi
}
main "$@" </dev/null
