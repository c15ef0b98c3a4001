# with envFile.sh command.sh live.sh
# needs folder check_env() command_in() live_folder()
# sets env_file leader limit
#
# console BASE ENV-FILE|- COMMAND|-: a person's program on a terminal, in the live release's folder; - is the login shell.
# The script came through that terminal, which did not edit lines meanwhile. Refusals are for the person who sits there.
begin() { :; }
fail() {
  printf 'deploy: %s: %s\n' "$2" "$3"
  exit "$1"
}

act() {
  stty sane 2>/dev/null
  stty iutf8 2>/dev/null # not every terminal knows it
  use_base "$1"
  env_file=$2 limit=- leader=-
  live_folder
  if [ "$env_file" != - ]; then check_env "$B/shared/$env_file"; fi
  # shellcheck disable=SC2016  # the inner shell's own
  if [ "$3" = - ]; then set -- '' '' 'exec "${SHELL:-sh}" -l'; fi
  # In this very process: a shell that waited would take the Ctrl-C of a console for its own.
  command_in "$folder" "$3"
}

main "$@"
