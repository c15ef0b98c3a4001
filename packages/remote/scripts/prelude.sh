# shellcheck shell=sh
# shellcheck disable=SC2015,SC2034  # `A && B || fail`: should B fail, failing is right; variables are read by other scripts
#
# Shared by every script. A script defines `act` and ends in `main "$@" </dev/null` (a payload
# script keeps stdin). Nothing runs before that last line: a cut script does nothing.
#
# Answer, on stdout:  --deploy-begin-- / lines / [error WORD HEX] / --deploy-end-- CODE
# No here-documents and no strings over several lines but awk's: indentation and comments are stripped.
#
# Codes: 64 argument · 65 precondition · 66 missing · 70 damaged state · 71 unsafe path
#        73 cannot write · 74 bad stream · 75 held or busy · 76 fenced · 78 tool missing
set -u
unset CDPATH
saved_locale=${LC_ALL-}
LC_ALL=C
export LC_ALL
umask 077
junk='' mutex=''

# An argument that a login shell could read its own way arrives as `=:` and octal `=NNN`.
decode() {
  decoded=$1
  case $1 in '=:'*) ;; *) return 0 ;; esac
  decoded=$(printf '%s' "${1#=:}" | sed 's/=/\\0/g')
  decoded=$(printf '%b.' "$decoded")
  decoded=${decoded%.}
}

main() {
  left=$#
  while [ "$left" -gt 0 ]; do
    decode "$1"
    shift
    set -- "$@" "$decoded"
    left=$((left - 1))
  done
  trap leave EXIT
  trap 'exit 129' HUP
  trap 'exit 130' INT
  trap 'exit 141' PIPE
  trap 'exit 143' TERM
  begin
  act "$@"
  end 0
}

leave() {
  unlock
  [ -z "$junk" ] || rm -rf -- "$junk"
}

begin() { printf '\n%s\n' '--deploy-begin--'; }
say() { printf '%s\n' "$*"; }
hex() { od -An -v -tx1 | tr -d ' \n'; }
hex_of() { [ -z "$1" ] || printf '%s' "$1" | hex; }
end() {
  printf '%s %s\n' '--deploy-end--' "$1"
  exit "$1"
}

# CODE WORD TEXT: the text may hold anything the host printed.
fail() {
  printf 'error %s %s\n' "$2" "$(printf '%s' "$3" | tail -c 1500 | hex)"
  end "$1"
}

# CODE-less: a write failed; disk-full is told apart by what the tool printed.
fail_write() {
  case $1 in
    *'o space left'* | *'quota exceeded'*) fail 73 disk-full "$1" ;;
    *) fail 73 write-failed "$1" ;;
  esac
}

need() { command -v "$1" >/dev/null 2>&1 || fail 78 tool-missing "$1 is not installed on this host"; }

digits() { case $1 in '' | *[!0-9]*) return 1 ;; esac; }

is_release() {
  case $1 in [0-9]*) ;; *) return 1 ;; esac
  case $1 in *[!A-Za-z0-9._-]*) return 1 ;; esac
  [ "${#1}" -le 64 ]
}

need_release() { is_release "$1" || fail 64 argument-refused "not a release name: $1"; }

# uid and permissions of PATH itself, links not followed
owner_of() {
  set -f
  # shellcheck disable=SC2046  # the words of ls are wanted apart
  set -- $(ls -ldn -- "$1")
  set +f
  perms=${1-} owned=${3-}
}

# deploy-to as given -> B, D, L; refuses what another user could have planted. Writes nothing.
use_base() {
  # shellcheck disable=SC2088  # the tilde is text here: it is resolved against HOME by us
  case $1 in
    '~/'*) [ -n "${HOME-}" ] && B=$HOME/${1#'~/'} || fail 64 argument-refused 'HOME is not set on this host' ;;
    /*) B=$1 ;;
    *) fail 64 argument-refused "deploy-to must be absolute or start with ~/: $1" ;;
  esac
  while [ "$B" != "${B%/}" ]; do B=${B%/}; done
  case $B/ in / | */../* | */./*) fail 64 argument-refused "deploy-to is not a plain path: $1" ;; esac
  D=$B/.deploy L=$B/.deploy/lock
  safe_link "$B"
  safe_link "$B/shared"
  for path in "$B/releases" "$D"; do
    [ ! -L "$path" ] || fail 71 path-unsafe "$path is a link"
  done
  [ ! -e "$D" ] || safe_own
}

safe_link() {
  [ -L "$1" ] || return 0
  owner_of "$1"
  [ "$owned" = 0 ] || [ "$owned" = "$(id -u)" ] || fail 71 path-unsafe "$1 is a link made by uid $owned"
}

safe_own() {
  [ -d "$D" ] || fail 71 path-unsafe "$D is not a directory"
  # shellcheck disable=SC3067  # a shell without -O says no, and programs are asked
  if [ -O "$D" ]; then return 0; fi 2>/dev/null
  owner_of "$D"
  me=$(id -u)
  [ "$owned" = "$me" ] || fail 71 path-unsafe "$D belongs to uid $owned, this is uid $me"
}

# Makes what is missing; only the first steps of a run (acquire, prepare) do.
make_base() {
  if [ ! -d "$B/releases" ] || [ ! -d "$B/shared" ]; then
    failure=$( { umask 022 && mkdir -p "$B/releases" "$B/shared"; } 2>&1) || fail_write "$failure"
  fi
  for path in "$L" "$D/releases" "$D/manifests" "$D/staging" "$D/trash"; do
    [ -d "$path" ] || failure=$(mkdir -p "$path" 2>&1) || fail_write "$failure"
  done
  safe_own
  owner_of "$D"
  case $perms in drwx--[-S]---*) ;; *) chmod u=rwx,go= "$D" || fail 71 path-unsafe "$D cannot be made private" ;; esac
}

need_base() { [ -d "$L" ] || fail 66 deploy-to-missing "$B was not prepared on this host"; }

nap() {
  tries=$((tries + 1))
  [ "$tries" -lt 60 ] || fail 75 lock-busy "another process holds $1"
  if [ "$tries" -lt 40 ]; then sleep 0.1 2>/dev/null || sleep 1; else sleep 1; fi
}

# The mutex of this host, for the moments in which state is read and written.
lock() {
  tries=0
  if command -v flock >/dev/null 2>&1; then
    true >>"$L/mutex" || fail_write "cannot write $L/mutex"
    exec 9>>"$L/mutex"
    mutex=flock
    until flock -n 9; do nap "$L/mutex"; done
    return 0
  fi
  until failure=$(mkdir "$L/mutex.d" 2>&1); do
    case $failure in *exists*) ;; *) fail_write "$failure" ;; esac
    nap "$L/mutex.d"
  done
  mutex='mkdir'
}

unlock() {
  case $mutex in
    flock) exec 9>&- ;;
    mkdir) rmdir "$L/mutex.d" ;;
  esac
  mutex=''
}

# FILE LINE: whole or not at all
put() { printf '%s\n' "$2" >"$1.new" && mv -f "$1.new" "$1"; }

must_put() { put "$1" "$2" || fail_write "No space left, or $1 cannot be written"; }

# FILE, whose first word is in version: another number is another version, no number is damage
check_version() {
  case $version in
    1) ;;
    '' | *[!0-9]*) fail 70 lock-corrupt "$1 cannot be read" ;;
    *) fail 70 state-version "$1 has format $version" ;;
  esac
}

read_adopted() {
  adopted=0 adopter=-
  [ -e "$L/adopted" ] || return 0
  version='' adopted='' adopter=''
  read -r version adopted adopter rest <"$L/adopted"
  check_version "$L/adopted"
  digits "$adopted" && [ -n "$adopter" ] || fail 70 lock-corrupt "$L/adopted cannot be read"
}

# -> frozen (the reason in hex, or nothing), froze (when), freezer
read_frozen() {
  frozen='' froze=- freezer=-
  [ -e "$L/frozen" ] || return 0
  version=''
  read -r version froze freezer frozen <"$L/frozen"
  check_version "$L/frozen"
  case $frozen in '' | *[!0-9a-f]*) fail 70 lock-corrupt "$L/frozen cannot be read" ;; esac
}

# TOKEN OWNER, under the mutex: adopt a higher token, refuse a lower one or another owner's
fence() {
  digits "$1" || fail 64 argument-refused "not a token: $1"
  token=$1 owner=$2
  read_adopted
  if [ "$1" -lt "$adopted" ] || { [ "$1" -eq "$adopted" ] && [ "$2" != "$adopter" ]; }; then
    fail 76 fenced "token $adopted of $adopter was adopted here, ours is $1 of $2"
  fi
  [ "$1" -eq "$adopted" ] || must_put "$L/adopted" "1 $1 $2"
}

enter() {
  need_base
  lock
  fence "$1" "$2"
}

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

stamp() { date -u +%Y-%m-%dT%H:%M:%SZ; }

text() { if [ "$1" = - ]; then printf null; else printf '"%s"' "$1"; fi; }

# FROM TO STEP RESULT [TIME], all names -> entry
journal_entry() {
  entry="{\"time\":\"${5:-$(stamp)}\",\"run\":\"$owner\",\"token\":$token,\"from\":$(text "$1"),\"to\":$(text "$2"),\"step\":\"$3\",\"result\":\"$4\"}"
}

# As journal_entry; never the reason a change fails
journal() {
  journal_entry "$@"
  write_entry
}

write_entry() { printf '%s\n' "$entry" >>"$D/journal.jsonl" || true; }

# openssl first: it uses the processor's own SHA instructions, where coreutils takes twice as long (measured).
sha_tool() {
  sha='openssl dgst -sha256 -r'
  case $($sha </dev/null 2>/dev/null) in e3b0c442*) return 0 ;; esac
  if command -v sha256sum >/dev/null 2>&1; then sha=sha256sum
  elif command -v shasum >/dev/null 2>&1; then sha='shasum -a 256'
  else fail 78 tool-missing 'none of sha256sum, shasum, openssl is installed on this host'
  fi
}

sha_of() {
  # shellcheck disable=SC2086  # a command and its options
  sum=$($sha -- "$1" 2>/dev/null || $sha "$1")
  sum=${sum%% *}
}
