# needs env_file leader limit release saved_umask read_env()
# sets folder
#
# How a user's command is run: for run.sh, and for the runner of a job.
# env_file and limit (seconds) are - for none; so is leader, the file that gets the process id of a command that is to
# lead a process group of its own.

# release|current -> folder
find_folder() {
  [ -d "$B/releases/$release" ] || fail 66 release-missing "there is no release $release in $B/releases"
  folder=$B/releases/$release
  if [ "$1" = current ]; then
    folder=$(cd -P "$B/current" 2>/dev/null && pwd -P)
    [ -n "$folder" ] || fail 66 release-missing "$B/current leads nowhere"
  fi
}

# FOLDER COMMAND, in a subshell whose stdin is the command's: what the file sets ends with it, and cannot reach our own variables
# once the positional parameters hold what is needed.
command_in() {
  trap - EXIT HUP INT PIPE TERM
  umask "$saved_umask"
  if [ -n "$saved_locale" ]; then LC_ALL=$saved_locale; else unset LC_ALL; fi
  cd "$1" || exit 126
  set -- "$2" "$env_file" "$release" "$B" "$limit" "$leader"
  if [ "$2" != - ]; then
    _deploy_env=$(read_env "$4/shared/$2") || exit 126 # it was good a moment ago
    eval "$_deploy_env"
  fi
  export DEPLOY_RELEASE="$3" DEPLOY_RELEASE_PATH="$4/releases/$3" DEPLOY_SHARED_PATH="$4/shared"
  export DEPLOY_CURRENT_PATH="$4/current" DEPLOY_TO="$4"
  if [ "$5" = - ]; then set -- "$6" sh -c "$1"; else set -- "$6" timeout -k 10 "$5" sh -c "$1"; fi
  # shellcheck disable=SC2016  # the inner shell's own
  [ "$1" = - ] || exec setsid sh -c 'echo "$$" >"$1"; shift; exec "$@"' sh "$@"
  shift
  exec "$@"
}
