# sets cur kind record state target
#
# Names of releases, what is live, and the record of each.

is_release() {
  case $1 in [0-9]*) ;; *) return 1 ;; esac
  case $1 in *[!A-Za-z0-9._-]*) return 1 ;; esac
  [ "${#1}" -le 64 ]
}

need_release() { is_release "$1" || fail 64 argument-refused "not a release name: $1"; }

# kind: none, release, dangling, directory, foreign; cur: the release or -; target: of the link
read_current() {
  kind=none cur=- target=''
  if [ -L "$B/current" ]; then
    target=$(readlink "$B/current")
    real=$(cd -P "$B/current" 2>/dev/null && pwd -P)
    root=$(cd -P "$B/releases" 2>/dev/null && pwd -P)
    if [ -n "$real" ] && [ "$real" = "$root/${real##*/}" ] && is_release "${real##*/}"; then
      kind=release cur=${real##*/}
    elif [ -e "$B/current" ]; then
      kind=foreign
    else
      kind=dangling
    fi
  elif [ -d "$B/current" ]; then
    kind=directory
  elif [ -e "$B/current" ]; then
    kind=foreign target='(not a link)'
  fi
}

# ID -> state (foreign: no record, another tool's), record
state_of() {
  record='' state=foreign
  [ -e "$D/releases/$1.json" ] || return 0
  IFS= read -r record <"$D/releases/$1.json"
  case $record in
    '{"schema":1,"state":"'*) ;;
    *) fail 70 state-version "$D/releases/$1.json is not of format 1" ;;
  esac
  state=${record#*\"state\":\"}
  state=${state%%\"*}
}

# ID STATE
set_state() {
  state_of "$1"
  [ "$state" != "$2" ] || return 0
  [ "$state" != foreign ] || record='{"schema":1,"state":"foreign","manifest":"","artifact":"","commit":"","run":"","created":""}'
  rest=${record#*\"state\":\"*\"}
  put "$D/releases/$1.json" "{\"schema\":1,\"state\":\"$2\"$rest"
}
