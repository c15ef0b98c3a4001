# with links.sh
# needs kind record state target check_links()
#
# flip BASE TOKEN OWNER EXPECT|- TO|- activate|rollback|revert [SECONDS]: compare-and-swap of `current`.
# A link of our own is renamed over it: there is no moment without one. TO - removes it again.
# With SECONDS it is armed: all that can be checked is, `armed` is said under the mutex, and the rename waits for a line
# `go` on stdin. Any other line, the end of stdin, or so many seconds: everything is taken back, `stood-down` is said.
act() {
  use_base "$1"
  expect=$4 to=$5 step=$6 patience=${7-}
  [ -n "$patience" ] || exec </dev/null
  if [ -n "$patience" ] && { ! digits "$patience" || [ "$to" = - ]; }; then fail 64 argument-refused 'only a switch to a release can be armed, for whole seconds'; fi
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
    journal_entry "$from" "$to" "$step" ok
    if [ "$to" = - ]; then take_away
    else
      put_beside
      [ -z "$patience" ] || wait_for_go
      swap
    fi
    status=switched
    write_entry
  fi
  record_states
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
  [ "$step" = revert ] || check_links "$to" # a way back is never refused
}

put_beside() {
  watchdog='' fresh='' junk=$D/current # of a run that was killed between the two: ours, under the mutex
  trap 'take_back; leave' EXIT
  [ ! -L "$junk" ] || rm -f -- "$junk"
  failure=$(ln -s "releases/$to" "$junk" 2>&1) || fail_write "$failure"
}

# While the mutex is still ours: the next one's link has the same name.
take_back() {
  [ -z "$watchdog" ] || kill "$watchdog" 2>/dev/null
  [ -z "$junk" ] || rm -f -- "$junk" ${fresh:+"$fresh"}
  watchdog='' junk=''
}

# Right after the line: all hosts do this at the same moment. A second mv says why the first could not.
swap() {
  mv -f "$junk" "$B/" 2>/dev/null || failure=$(mv -f "$junk" "$B/" 2>&1) || fail_write "$failure"
  junk=''
  is_switched || fail 73 write-failed "$B/current did not become releases/$to"
  sync "$B" 2>/dev/null || sync
  [ -z "$fresh" ] || mv -f "$fresh" "$D/releases/$to.json" || true
}

is_switched() {
  # shellcheck disable=SC3013  # a shell without -ef says no, and readlink is asked
  if [ "$B/current" -ef "$B/releases/$to" ]; then return 0; fi 2>/dev/null
  [ "$(readlink "$B/current")" = "releases/$to" ]
}

# Who holds the mutex may not wait for ever, and a connection can die without an end of stdin.
wait_for_go() {
  told='' word=''
  write_fresh
  trap late ALRM
  watch &
  watchdog=$!
  say armed
  IFS= read -r word || word=''
  [ "$word" = go ] || stand_down
  told=1
}

# The record as it will be: what is made now need not be made after the word. Without it record_states does all.
write_fresh() {
  [ "$step:$state" = activate:ready ] || return 0
  fresh=$D/releases/$to.json.new
  printf '%s\n' "{\"schema\":1,\"state\":\"active\"${record#*\"state\":\"*\"}" >"$fresh" || fail_write "No space left, or $fresh cannot be written"
}

late() { [ -n "$told" ] || stand_down; }

stand_down() {
  trap '' ALRM
  take_back
  unlock
  say stood-down
  end 0
}

# It holds neither the mutex nor the channel, and is gone a second after its parent, even where that could not end it.
watch() {
  trap - EXIT
  exec </dev/null >/dev/null 2>&1 9>&-
  trap 'exit 0' TERM
  while [ "$patience" -gt 0 ]; do
    sleep 1
    kill -s 0 "$$" || exit 0
    patience=$((patience - 1))
  done
  kill -s ALRM "$$"
}

take_away() {
  failure=$(rm -f "$B/current" 2>&1) || fail_write "$failure"
}

# Also after `already`: a run killed between the rename and this is made whole by the next.
# The switch is done: a state that cannot be written is not its failure.
record_states() {
  if [ "$to" != - ]; then
    state_of "$to"
    # What is gone back to is proved anew: until then it is live, and no more.
    case $step:$state in activate:ready | revert:good) set_state "$to" active || true ;; esac
  fi
  if [ "$step" = revert ] && [ "$expect" != - ] && [ "$expect" != "$to" ] && [ -d "$B/releases/$expect" ]; then
    set_state "$expect" bad || true
  fi
}
main "$@"
