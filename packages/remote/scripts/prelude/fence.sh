# sets adopted freezer froze mutex owner token
#
# Who may change a host, and when: its mutex, and the fence against runs that lost the lock.
lenient='' damaged=''

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

# FILE, whose first word is in version: another number is another version, no number is damage
is_version() {
  case $version in
    1) return 0 ;;
    '' | *[!0-9]*) return 1 ;;
    *) fail 70 state-version "$1 has format $version" ;;
  esac
}

# FILE: stops whoever relies on it; who only looks, or mends it, is told
corrupt() {
  [ -n "$lenient" ] || fail 70 lock-corrupt "$1 cannot be read"
  damaged="$damaged ${1##*/}"
}

read_adopted() {
  adopted=0 adopter=-
  [ -e "$L/adopted" ] || return 0
  version='' adopted='' adopter=''
  read -r version adopted adopter rest <"$L/adopted"
  if is_version "$L/adopted" && digits "$adopted" && [ -n "$adopter" ]; then return 0; fi
  corrupt "$L/adopted"
  adopted=0 adopter=-
}

# -> frozen (the reason in hex, or nothing), froze (when, or unknown), freezer
read_frozen() {
  frozen='' froze=- freezer=-
  [ -e "$L/frozen" ] || return 0
  version=''
  read -r version froze freezer frozen <"$L/frozen"
  if is_version "$L/frozen"; then
    case $frozen in '' | *[!0-9a-f]*) ;; *) return 0 ;; esac
  fi
  corrupt "$L/frozen"
  frozen='' froze=unknown freezer=-
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
