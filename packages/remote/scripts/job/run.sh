# with process.sh envFile.sh command.sh tied.sh
# needs folder check_env() command_in() find_folder() run_tied()
# sets env_file leader limit release
#
# run BASE TOKEN OWNER RELEASE release|current STEP ENV-FILE|- SECONDS|- tied|free COMMAND
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
  [ "$#" -eq 10 ] || fail 64 argument-refused 'run takes ten arguments'
  use_base "$1"
  need_release "$4"
  release=$4 where=$5 step=$6 env_file=$7 limit=$8 bond=$9 leader=-
  enter "$2" "$3"
  unlock
  find_folder "$where"
  if [ "$env_file" != - ]; then check_env "$B/shared/$env_file"; fi
  [ "$limit" = - ] || need timeout
  shift 9
  # Without setsid there is no group to end: the command goes on, and whoever waits is not told that it ended.
  if [ "$bond" = tied ] && command -v setsid >/dev/null 2>&1; then
    run_tied "$1"
  else
    ( command_in "$folder" "$1" ) 3<&-
    code=$?
  fi
  if [ "$code" = 0 ]; then result=ok; else result="exit $code"; fi
  [ "$step" = reading ] || journal - "$release" "$step" "$result" # it changes nothing
  exit "$code"
}

main "$@"
