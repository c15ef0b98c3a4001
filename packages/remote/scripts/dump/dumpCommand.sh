# with streamed.sh dump.sh restore.sh
# needs into saved_umask say_hex()
#
# Any dump that a command of the user writes. ARGS: DIRECTORY RUN VERIFY RESTORE|''
source_open() {
  directory=$1 run=$2 verify=$3 way_back=$4
  [ -d "$directory" ] || fail 66 backup-source "there is no folder $directory"
}

source_inspect() {
  say_hex name "$directory"
  say_hex server sh
  say_hex tool sh
  say 'identity '
  say 'estimate 0'
  say 'tables 0'
}

source_prepare() { :; }
source_dump() { in_directory "$run"; }
source_verify() { in_directory "$verify"; }

source_restore_begin() {
  [ -n "$way_back" ] || fail 64 argument-refused 'there is no command that restores'
}
source_restore() {
  export DEPLOY_RESTORE_INTO="$into"
  in_directory "$way_back"
}
source_restore_end() { :; }

# COMMAND, with what commands of a deploy find in their environment, as far as the directory tells it.
in_directory() (
  trap - EXIT HUP INT PIPE TERM
  cd "$directory" || exit 126
  umask "$saved_umask"
  to='' real=$(pwd -P)
  case $real in */releases/*) to=${real%/releases/*} release=${real#"$to"/releases/} ;; esac
  if [ -n "$to" ] && is_release "$release"; then
    export DEPLOY_RELEASE="$release" DEPLOY_RELEASE_PATH="$real" DEPLOY_SHARED_PATH="$to/shared"
    export DEPLOY_CURRENT_PATH="$to/current" DEPLOY_TO="$to"
  fi
  if [ -n "$saved_locale" ]; then LC_ALL=$saved_locale; else unset LC_ALL; fi
  exec sh -c "$1"
)
main "$@"
