# sets began mode
#
# Processes and their groups, by /proc where there is one.

# PID -> mode (of ps), group, began (clock ticks since boot); fails where there is no such process
read_process() {
  mode=- group=- began=-
  [ -r "/proc/$1/stat" ] && read -r stat_line <"/proc/$1/stat" || return 1
  set -f
  # shellcheck disable=SC2086  # the name before may hold anything, the fields after it are words
  set -- ${stat_line##*) }
  set +f
  [ "$#" -ge 20 ] || return 1
  mode=$1 group=$3
  shift 19
  began=$1
} 2>/dev/null

# PID START: a process of the group that this runner led lives, zombies do not count
group_lives() {
  digits "$1" && [ "$1" -gt 1 ] || return 1
  if [ ! -r /proc/self/stat ]; then
    kill -0 "-$1" 2>/dev/null
    return
  fi
  # another process of that id: the group was empty when it got it
  if read_process "$1" && [ "$began" != "$2" ]; then return 1; fi
  for path in /proc/[0-9]*; do
    if read_process "${path##*/}" && [ "$group" = "$1" ] && [ "$mode" != Z ] && [ "$mode" != X ]; then return 0; fi
  done
  return 1
}
