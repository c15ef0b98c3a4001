# with process.sh jobs.sh envFile.sh command.sh
# embeds runner.sh with process.sh jobs.sh envFile.sh command.sh
# needs J boot folder job job_code job_pid job_token mode note owner runner saved_locale saved_umask token weaker check_env() find_folder() need_job() read_job() read_process()
# sets env_file leader limit release
#
# launch BASE TOKEN OWNER JOB RELEASE release|current STEP ENV-FILE|- COMMAND
# Starts it once, however often it is asked for, and answers as soon as it is claimed.
act() {
  [ "$#" -eq 9 ] || fail 64 argument-refused 'launch takes nine arguments'
  use_base "$1"
  need_job "$4"
  need_release "$5"
  release=$5 where=$6 step=$7 env_file=$8 limit=- leader=-
  case $step$3 in *[!A-Za-z0-9._:/@+-]*) fail 64 argument-refused "not words: $step $3" ;; esac
  enter "$2" "$3"
  read_job "$4"
  [ "$job" != foreign ] || fail 70 state-version "$J was written by another version"
  if [ "$job" = new ]; then
    start_job "$4" "$9"
    started=started
  else
    started=found
  fi
  unlock
  say "job $started $job $job_code $job_pid $boot $weaker $note $job_token"
}

start_job() {
  need setsid
  find_folder "$where"
  if [ "$env_file" != - ]; then check_env "$B/shared/$env_file"; fi
  failure=$(mkdir -p "$J" 2>&1) || fail_write "$failure"
  must_put "$J/job" "$2"
  must_put "$J/meta" "1 $release $step $token $owner $(date +%s) ."
  must_put "$J/runner" "$runner"
  must_start_log
  # The mutex (9) goes along until the claim is made: whoever gets it then sees a job that runs.
  # The runner's prelude finds there what this one's found.
  (
    umask "$saved_umask"
    exec setsid sh "$J/runner" "$B" "$1" "$release" "$folder" "$env_file" "$saved_locale" "$token" "$owner" "$step" "$2"
  ) </dev/null >>"$J/out" 2>&1 &
  await_claim "$!"
  journal - "$release" "$step" started
  read_job "$1"
}

must_start_log() { true >"$J/out" || fail_write "No space left, or $J/out cannot be written"; }

# PID: hang-up may win as long as the claim is not there, so nobody leaves before.
await_claim() {
  tries=0
  until [ -e "$J/claim" ]; do
    tries=$((tries + 1))
    if [ "$tries" -gt 5 ]; then
      child_lives "$1" || [ -e "$J/claim" ] || not_started
    fi
    [ "$tries" -lt 120 ] || fail 75 job-not-started "the job was not claimed in time; it may still start"
    if [ "$tries" -lt 60 ]; then sleep 0.1 2>/dev/null || sleep 1; else sleep 1; fi
  done
}

# PID: not yet the leader of a group, perhaps
child_lives() {
  if [ -r /proc/self/stat ]; then
    read_process "$1" && [ "$mode" != Z ]
  else
    kill -0 "$1" 2>/dev/null
  fi
}

not_started() {
  said=$(tail -c 1000 "$J/out")
  case $said in *'o space left'* | *'quota exceeded'*) fail 73 disk-full "$said" ;; esac
  fail 73 job-not-started "the job's process ended before it began: $said"
}
main "$@" </dev/null
