# needs id state
#
# Folders in .deploy/staging that outlive a command: what rsync.sh or git.sh brought, for receive.sh.

# PATH of what was staged: the release is whole, so receive.sh will say so, and whether it is the same one.
is_there() {
  [ -d "$B/releases/$id" ] && [ ! -L "$B/releases/$id" ] || return 1
  state_of "$id"
  case $state in ready | active | good) rm -rf -- "$1" "$1.from" ;; *) return 1 ;; esac
}

# PATH PROGRAM: an earlier attempt whose end nobody saw, as after a lost connection: it would go on writing into what
# becomes the release. Asked first, since rsync then keeps what it has of a file.
evict() {
  real=$(cd -P -- "$1" && pwd -P)
  tries=0
  while
    inside=$(pids_inside)
    [ -n "$inside" ]
  do
    [ "$tries" -lt 30 ] || fail 75 lock-busy "an earlier $2 still writes to $1, and does not end (processes $inside)"
    signal=TERM
    [ "$tries" -lt 10 ] || signal=KILL
    # shellcheck disable=SC2086  # pids
    kill -s "$signal" $inside 2>/dev/null
    tries=$((tries + 1))
    sleep 0.1 2>/dev/null || sleep 1
  done
}

pids_inside() {
  # shellcheck disable=SC2012  # names in /proc are numbers
  ls -ld /proc/[0-9]*/cwd 2>/dev/null | while IFS= read -r line; do
    case $line in *" -> $real" | *" -> $real/"*) ;; *) continue ;; esac
    line=${line%%/cwd -> *}
    printf '%s ' "${line##*/}"
  done
}
