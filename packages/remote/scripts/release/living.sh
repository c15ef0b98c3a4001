# Processes that live in a release, seen without privilege: by their folder, their program or what they have loaded. Of those
# of other users a login sees none.

# living: `RELEASE/PID …`
read_living() {
  living=''
  root=$(cd -P "$B/releases" 2>/dev/null && pwd -P) || return 0
  # shellcheck disable=SC2012  # the names are digits
  living=$({
    ls -l /proc/[0-9]*/cwd /proc/[0-9]*/exe
    grep -HF "$root/" /proc/[0-9]*/maps
  } 2>/dev/null | ROOT=$root/ awk '
    {
      at = index($0, ENVIRON["ROOT"])
      if (!at || !match($0, "/proc/[0-9]+/")) next
      name = substr($0, at + length(ENVIRON["ROOT"]))
      sub("[^A-Za-z0-9._-].*", "", name)
      line = name "/" substr($0, RSTART + 6, RLENGTH - 7)
      if (!seen[line]++) print line
    }')
}

# RELEASE: prints `process PID (NAME) lives in it` and succeeds, or fails
lives_in() {
  for line in $living; do
    pid=${line#*/}
    [ "${line%/*}" = "$1" ] && program=$(cat "/proc/$pid/comm" 2>/dev/null) || continue
    printf 'process %s (%s) lives in it' "$pid" "$program"
    return 0
  done
  return 1
}

# RELEASE: those in other ones, told of; 20 say enough
tell_stale() {
  count=0
  for line in $living; do
    pid=${line#*/}
    [ "${line%/*}" != "$1" ] && [ "$count" -lt 20 ] || continue
    program=$(cat "/proc/$pid/comm" 2>/dev/null) || continue
    count=$((count + 1))
    say "stale $(printf '%s' "${line%/*}" | hex) $pid $(printf '%s' "$program" | hex)"
  done
  [ "$(id -u)" = 0 ] || say unseen
}
