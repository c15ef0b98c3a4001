# with envFile.sh command.sh
# needs folder check_env() command_in() find_folder()
# sets env_file limit release
#
# run BASE TOKEN OWNER RELEASE release|current STEP ENV-FILE|- SECONDS|- COMMAND
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
  [ "$#" -eq 9 ] || fail 64 argument-refused 'run takes nine arguments'
  use_base "$1"
  need_release "$4"
  release=$4 where=$5 step=$6 env_file=$7 limit=$8
  enter "$2" "$3"
  unlock
  find_folder "$where"
  if [ "$env_file" != - ]; then check_env "$B/shared/$env_file"; fi
  [ "$limit" = - ] || need timeout
  shift 8
  ( command_in "$folder" "$1" )
  code=$?
  if [ "$code" = 0 ]; then result=ok; else result="exit $code"; fi
  journal - "$release" "$step" "$result"
  exit "$code"
}

main "$@" </dev/null
