# with process.sh jobs.sh
# needs adopted freezer job_id mutex fail_running() find_running()
#
# lock acquire BASE LEASE FLOOR OLD-ID|- ID REPOSITORY RUN ATTEMPT ACTOR COMMIT PHASE
#   OLD-ID: an owner known to be over, whose lock is taken before its lease ends
# lock renew BASE LEASE TOKEN ID PHASE
# lock adopt BASE TOKEN ID MEND(0|1): a host that is not the leader refuses lower tokens from now on; 1: whatever it adopted
# lock release BASE TOKEN|- ID
# lock force BASE ID TOKEN MEND(0|1): frees it whoever holds it, and fences that one; 1: whatever is written there, with TOKEN
# lock freeze BASE ID REASON
# lock unfreeze BASE
# State, one line: 1 token expiry id repository run attempt actor commit phase; free: id is -
act() {
  op=$1
  use_base "$2"
  shift 2
  now=$(date +%s)
  case $op in
    acquire) acquire "$@" ;;
    renew) renew "$@" ;;
    adopt) adopt "$@" ;;
    release) release "$@" ;;
    force) force "$@" ;;
    freeze) freeze "$@" ;;
    unfreeze) unfreeze ;;
    *) fail 64 argument-refused "no such lock operation: $op" ;;
  esac
}

read_state() {
  held=0 expiry=0 holder=- repository=- run=- attempt=- actor=- commit=- phase=-
  [ -e "$L/state" ] || return 0
  version='' held='' expiry='' phase=''
  read -r version held expiry holder repository run attempt actor commit phase <"$L/state"
  if is_version "$L/state" && digits "$held" && digits "$expiry"; then
    case $phase in '' | *' '*) ;; *) return 0 ;; esac
  fi
  corrupt "$L/state"
  held=0 holder=-
}

write_state() { must_put "$L/state" "1 $held $expiry $holder $repository $run $attempt $actor $commit $phase"; }

acquire() {
  [ "$#" -eq 10 ] || fail 64 argument-refused 'lock acquire takes ten arguments'
  make_base
  lock
  read_state
  read_adopted
  if [ "$holder" != "$4" ]; then refuse_other "$3" "$4"; fi
  for other in "$adopted" "$2"; do
    [ "$held" -ge "$other" ] || held=$other
  done
  expiry=$((now + $1)) held=$((held + 1))
  shift 3
  holder=$1 repository=$2 run=$3 attempt=$4 actor=$5 commit=$6 phase=$7
  write_state
  must_put "$L/adopted" "1 $held $holder"
  how=$mutex
  unlock
  say "token $held $how"
}

# OLD-ID ID: why somebody who does not hold the lock may not have it
refuse_other() {
  read_frozen
  if [ -n "$frozen" ]; then
    say "frozen $froze $freezer $frozen"
    fail 75 frozen "$freezer"
  fi
  if [ "$holder" != - ] && [ "$now" -lt "$expiry" ] && [ "$holder" != "$1" ]; then
    say "held $held $((expiry - now)) $holder $repository $run $attempt $actor $commit $phase"
    fail 75 locked "$holder"
  fi
  if find_running "$2"; then fail_running "$job_id"; fi
}

# .deploy/lock/frozen, one line: 1 time owner reason(hex)
freeze() {
  [ -n "$2" ] || fail 64 argument-refused 'a freeze needs a reason'
  make_base
  lock
  lenient=1
  read_frozen
  must_put "$L/frozen" "1 $(stamp) $1 $(printf '%s' "$2" | hex)"
  unlock
  say "frozen $froze"
}

unfreeze() {
  if [ -d "$L" ]; then
    lock
    lenient=1
    read_frozen
    failure=$(rm -f -- "$L/frozen" 2>&1) || fail_write "$failure"
    unlock
  else
    froze=-
  fi
  say "frozen $froze"
}

adopt() {
  if [ "$3" = 1 ]; then
    need_base
    lock
    must_put "$L/adopted" "1 $1 $2"
  else
    enter "$1" "$2"
  fi
  unlock
  say adopted
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

# ID TOKEN MEND
force() {
  was=-
  if [ -d "$L" ]; then
    lock
    [ "$3" = 0 ] || lenient=1
    read_state
    read_adopted
    was=$holder
    if [ "$was" != - ] || [ "$3" = 1 ]; then
      [ "$held" -ge "$adopted" ] || held=$adopted
      held=$((held + 1))
      [ "$3" = 0 ] || held=$2
      expiry=0 holder=- repository=- run=- attempt=- actor=- commit=- phase=-
      write_state
      must_put "$L/adopted" "1 $held $1"
    fi
    unlock
  fi
  if [ "$was" = - ] && [ "$3" = 0 ]; then say 'released 0'; else say "released 1 $was $held"; fi
}
main "$@" </dev/null
