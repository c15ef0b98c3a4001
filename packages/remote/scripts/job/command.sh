# needs env_file release
# sets folder
#
# How a user's command is run: for run.sh, and for the runner of a job.
# env_file is - for none.

# release|current -> folder
find_folder() {
  [ -d "$B/releases/$release" ] || fail 66 release-missing "there is no release $release in $B/releases"
  folder=$B/releases/$release
  if [ "$1" = current ]; then
    folder=$(cd -P "$B/current" 2>/dev/null && pwd -P)
    [ -n "$folder" ] || fail 66 release-missing "$B/current leads nowhere"
  fi
}

# Lines of NAME=value: read, never sourced. Blank lines, # comments and a leading `export ` are
# allowed; one pair of quotes around the value is dropped; nothing inside is expanded.
check_env() {
  [ -f "$1" ] || fail 66 env-file-missing "there is no file $1"
  [ -r "$1" ] || fail 66 env-file-missing "$1 cannot be read by this user"
  number=0
  while IFS= read -r line || [ -n "$line" ]; do
    number=$((number + 1))
    split_env "$line" || fail 65 env-file-malformed "line $number of $1 is not NAME=value"
  done <"$1"
}

# LINE -> _deploy_name ('' for nothing to set), _deploy_value
split_env() {
  _deploy_name='' _deploy_value=${1%"$(printf '\r')"}
  while :; do
    case $_deploy_value in
      ' '* | '	'*) _deploy_value=${_deploy_value#?} ;;
      'export '*) _deploy_value=${_deploy_value#export } ;;
      *) break ;;
    esac
  done
  case $_deploy_value in '' | '#'*) return 0 ;; *=*) ;; *) return 1 ;; esac
  _deploy_name=${_deploy_value%%=*} _deploy_value=${_deploy_value#*=}
  case $_deploy_name in '' | [0-9]* | *[!A-Za-z0-9_]* | _deploy_*) return 1 ;; esac
  case $_deploy_name in BASHOPTS | BASH_VERSINFO | EUID | PPID | SHELLOPTS | UID) return 1 ;; esac
  case $_deploy_value in
    \"*\") _deploy_value=${_deploy_value#\"} _deploy_value=${_deploy_value%\"} ;;
    \'*\') _deploy_value=${_deploy_value#\'} _deploy_value=${_deploy_value%\'} ;;
  esac
  return 0
}

# FOLDER COMMAND, in a subshell: what the file sets ends with it, and cannot reach our own variables
# once the positional parameters hold what is needed.
command_in() {
  trap - EXIT HUP INT PIPE TERM
  umask 022
  if [ -n "$saved_locale" ]; then LC_ALL=$saved_locale; else unset LC_ALL; fi
  cd "$1" || exit 126
  set -- "$2" "$env_file" "$release" "$B"
  if [ "$2" != - ]; then
    while IFS= read -r _deploy_line || [ -n "$_deploy_line" ]; do
      split_env "$_deploy_line"
      # shellcheck disable=SC2163  # the name is in the variable on purpose
      [ -z "$_deploy_name" ] || export "$_deploy_name=$_deploy_value"
    done <"$4/shared/$2"
  fi
  export DEPLOY_RELEASE="$3" DEPLOY_RELEASE_PATH="$4/releases/$3" DEPLOY_SHARED_PATH="$4/shared"
  export DEPLOY_CURRENT_PATH="$4/current" DEPLOY_TO="$4"
  exec sh -c "$1" </dev/null
}
