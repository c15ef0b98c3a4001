# with process.sh jobs.sh
# needs J boot by ended job job_code job_pid job_release job_start job_step note owner since weaker group_lives() is_job() need_job() read_job() read_rc()
#
# job follow BASE JOB OFFSET WAIT
# job list BASE
# job end BASE TOKEN OWNER JOB GRACE
# job settle BASE TOKEN OWNER JOB retry|done
act() {
  op=$1
  use_base "$2"
  shift 2
  case $op in
    follow) follow "$@" ;;
    list) list ;;
    end) end_job "$@" ;;
    settle) settle "$@" ;;
    *) fail 64 argument-refused "no such job operation: $op" ;;
  esac
}

known() { [ "$job" != foreign ] || fail 70 state-version "$J was written by another version"; }

# bytes of the log, without reading it
size_of() {
  size=0
  [ -f "$1" ] || return 0
  set -f
  # shellcheck disable=SC2046  # the words of ls are wanted apart
  set -- $(ls -ldn -- "$1")
  set +f
  size=${5-0}
}

# The line that tells all of the job just read: seconds since its start and since its last output.
describe() {
  moment=$(date +%s) age=- silent=-
  if [ "$since" != - ]; then
    age=$((moment - since))
    written=$(date -r "$J/out" +%s 2>/dev/null) && digits "$written" && silent=$((moment - written))
  fi
  say "job $1 $job $job_code $job_pid $age $silent $boot $weaker $job_release $job_step $note $by $ended ${damage:+damaged}"
}

follow() {
  need_job "$1"
  digits "$2" && digits "$3" || fail 64 argument-refused "not numbers: $2 $3"
  deadline=$(($(date +%s) + $3))
  while :; do
    read_job "$1" # before the size: what a finished job wrote is then all there
    known
    size_of "$J/out"
    if [ "$job" != running ] || [ "$size" -gt "$2" ] || [ "$(date +%s)" -ge "$deadline" ]; then break; fi
    sleep 0.3 2>/dev/null || sleep 1
  done
  describe "$1"
  [ "$size" -gt "$2" ] || return 0
  if command -v base64 >/dev/null 2>&1; then
    say "base64 $(chunk "$2" "$size" | base64 | tr -d '\n')"
  else
    say "hex $(chunk "$2" "$size" | hex)"
  fi
}

# OFFSET SIZE: at most 256 KiB from there, and nothing beyond the size seen; dd seeks, tail would read it all
chunk() {
  count=$(($2 - $1))
  [ "$count" -le 262144 ] || count=262144
  dd if="$J/out" bs=65536 skip=$(($1 / 65536)) count=5 2>/dev/null | tail -c "+$(($1 % 65536 + 1))" | head -c "$count"
}

list() {
  archived=0
  for path in "$D/jobs"/*; do
    name=${path##*/}
    [ -d "$path" ] || continue
    case $name in *'~'*) archived=$((archived + 1)) ;; esac
    is_job "$name" || continue
    read_job "$name"
    describe "$name"
    say "tail $( { [ ! -f "$J/out" ] || tail -n 5 "$J/out" | tail -c 4000; } | hex)"
  done
  say "archived $archived"
}

# TOKEN OWNER JOB GRACE
end_job() {
  need_job "$3"
  digits "$4" || fail 64 argument-refused "not a number: $4"
  enter "$1" "$2"
  read_job "$3"
  known
  if [ "$job" = running ]; then
    digits "$job_pid" || fail 70 job-damaged "the process of job $3 is not known: $J/claim cannot be read"
    must_put "$J/ending" "$2"
    signal TERM
    unlock
    deadline=$(($(date +%s) + $4))
    while [ "$job" = running ] && [ "$(date +%s)" -lt "$deadline" ]; do
      sleep 0.2 2>/dev/null || sleep 1
      read_job "$3"
    done
    enter "$1" "$2"
    read_job "$3"
    [ "$job" != running ] || finish_off "$3"
    journal - "$job_release" "$job_step" "ended $job $job_code"
  fi
  unlock
  describe "$3"
}

# To the whole group, if it still is the job's
signal() {
  if group_lives "$job_pid" "$job_start"; then kill "-$1" "-$job_pid" 2>/dev/null; fi
}

# The runner dies with its group, so its code is written here.
finish_off() {
  signal KILL
  tries=0
  while group_lives "$job_pid" "$job_start"; do nap "the killed group $job_pid"; done
  read_rc || must_put "$J/rc" "1 137 $(date +%s) ended $owner ."
  read_job "$1"
}

# TOKEN OWNER JOB retry|done
settle() {
  need_job "$3"
  enter "$1" "$2"
  read_job "$3"
  known
  case $4 in
    retry) archive "$3" ;;
    done) resolve ;;
    *) fail 64 argument-refused "settle is retry or done, not $4" ;;
  esac
  unlock
  say "settled $changed"
}

settleable() {
  case $job in
    running) fail_running "$1" ;;
    new) fail 66 job-missing "there is no job ${J##*/} in $D/jobs" ;;
  esac
}

# A repeated retry finds it archived already; what was done well is not to be done again.
archive() {
  changed=0
  if [ "$job" = new ] && [ -d "$J~1" ]; then return 0; fi
  settleable "$1"
  [ "$job $job_code" != 'done 0' ] || fail 65 job-done "job $1 ended with 0"
  n=1
  while [ -e "$J~$n" ]; do n=$((n + 1)); done
  failure=$(mv -- "$J" "$J~$n" 2>&1) || fail_write "$failure"
  changed=1
  journal - "$job_release" "$job_step" 'settled retry'
}

resolve() {
  changed=0
  if [ "$job $job_code" = 'done 0' ]; then return 0; fi
  settleable "${J##*/}"
  [ ! -e "$J/rc" ] || mv -f "$J/rc" "$J/rc.before" || fail_write "cannot move $J/rc"
  must_put "$J/rc" "1 0 $(date +%s) resolved $owner ."
  changed=1
  journal - "$job_release" "$job_step" 'settled done'
}
main "$@" </dev/null
