# with process.sh envFile.sh command.sh tied.sh carry.sh
# needs folder carry() check_env() command_in() find_folder() record() run_tied()
# sets env_file leader limit release started
#
# run BASE TOKEN OWNER RELEASE release|current STEP ENV-FILE|- SECONDS|- tied|free COMMAND [REQUIREMENT…]
# REQUIREMENT, as carry.sh has it: where what COMMAND makes can be carried over from an earlier release, it is not run.
# tied: the end of stdin ends the command and all that it started. A run that is cancelled closes it; where the connection is lost, the
# next run starts the command anew, and it must not run twice at once.
# Output and exit code are the command's own. A refusal of ours is framed on stderr instead, so that
# logs of commands stay as they are; `render` makes a script that never arrived exit 70.
begin() { :; }
end() {
  if [ "$1" != 0 ]; then printf '%s %s\n' '--deploy-end--' "$1" >&2; fi
  exit "$1"
}
fail() {
  printf '\n%s\nerror %s %s\n' '--deploy-begin--' "$2" "$(printf '%s' "$3" | tail -c 1500 | hex)" >&2
  end "$1"
}

act() {
  exec 3<&0 </dev/null
  [ "$#" -ge 10 ] || fail 64 argument-refused 'run takes ten arguments or more'
  use_base "$1"
  need_release "$4"
  release=$4 where=$5 step=$6 env_file=$7 limit=$8 bond=$9 leader=-
  enter "$2" "$3"
  unlock
  find_folder "$where"
  if [ "$env_file" != - ]; then check_env "$B/shared/$env_file"; fi
  [ "$limit" = - ] || need timeout
  shift 9
  command=$1 code=0 result=reused started=$(date +%s)
  shift
  if [ "$#" -eq 0 ] || ! carry "$@"; then
    conduct "$command"
    if [ "$code" = 0 ]; then result=ok; else result="exit $code"; fi
    [ "$code" != 0 ] || [ "$#" -eq 0 ] || record "$@"
  fi
  [ "$step" = reading ] || journal - "$release" "$step" "$result" # it changes nothing
  exit "$code"
}

# COMMAND -> code
conduct() {
  # Without setsid there is no group to end: the command goes on, and whoever waits is not told that it ended.
  if [ "$bond" = tied ] && command -v setsid >/dev/null 2>&1; then
    run_tied "$1"
  else
    ( command_in "$folder" "$1" ) 3<&-
    code=$?
  fi
}

main "$@"
