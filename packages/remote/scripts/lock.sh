# shellcheck shell=sh
# shellcheck disable=SC2015  # `A && B || fail`: should B fail, failing is right
# shellcheck disable=SC2154  # B, D, L, adopted, mutex and the like are set by prelude.sh
#
# lock acquire BASE LEASE FLOOR ID REPOSITORY RUN ATTEMPT ACTOR COMMIT PHASE
# lock renew BASE LEASE TOKEN ID PHASE
# lock release BASE TOKEN|- ID
# State, one line: 1 token expiry id repository run attempt actor commit phase; free: id is -
act() {
  op=$1
  use_base "$2"
  shift 2
  now=$(date +%s)
  case $op in
    acquire) acquire "$@" ;;
    renew) renew "$@" ;;
    release) release "$@" ;;
    *) fail 64 argument-refused "no such lock operation: $op" ;;
  esac
}

read_state() {
  held=0 expiry=0 holder=- repository=- run=- attempt=- actor=- commit=- phase=-
  [ -e "$L/state" ] || return 0
  version='' held='' expiry='' phase=''
  read -r version held expiry holder repository run attempt actor commit phase <"$L/state"
  case $version in
    1) ;;
    '' | *[!0-9]*) corrupt ;;
    *) fail 70 state-version "$L/state has format $version" ;;
  esac
  digits "$held" && digits "$expiry" && [ -n "$phase" ] || corrupt
  case $phase in *' '*) corrupt ;; esac
}

corrupt() { fail 70 lock-corrupt "$L/state cannot be read as a lock"; }

write_state() { must_put "$L/state" "1 $held $expiry $holder $repository $run $attempt $actor $commit $phase"; }

acquire() {
  [ "$#" -eq 9 ] || fail 64 argument-refused 'lock acquire takes nine arguments'
  make_base
  lock
  read_state
  read_adopted
  if [ "$holder" != - ] && [ "$holder" != "$3" ] && [ "$now" -lt "$expiry" ]; then
    say "held $held $((expiry - now)) $holder $repository $run $attempt $actor $commit $phase"
    fail 75 locked "$holder"
  fi
  for other in "$adopted" "$2"; do
    [ "$held" -ge "$other" ] || held=$other
  done
  held=$((held + 1)) expiry=$((now + $1))
  holder=$3 repository=$4 run=$5 attempt=$6 actor=$7 commit=$8 phase=$9
  write_state
  must_put "$L/adopted" "1 $held $holder"
  how=$mutex
  unlock
  say "token $held $how"
}

renew() {
  enter "$2" "$3"
  read_state
  if [ "$holder" != "$3" ] || [ "$held" != "$2" ]; then
    fail 76 fenced "the lock is now token $held of $holder, ours is $2 of $3"
  fi
  expiry=$((now + $1)) phase=$4
  write_state
  unlock
  say "token $held"
}

# Nothing to release is fine: a repeated release, or a host that never had a lock.
release() {
  if [ ! -d "$L" ]; then
    say 'released 0'
    return 0
  fi
  lock
  read_state
  if [ "$holder" = - ]; then
    unlock
    say 'released 0'
    return 0
  fi
  if [ "$holder" != "$2" ] || { [ "$1" != - ] && [ "$held" != "$1" ]; }; then
    fail 76 fenced "the lock is token $held of $holder, not ours"
  fi
  expiry=0 holder=- repository=- run=- attempt=- actor=- commit=- phase=-
  write_state
  unlock
  say 'released 1'
}
main "$@" </dev/null
