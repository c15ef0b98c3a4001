# needs cur folder kind state command_in() find_folder() lock() read_current() state_of()
# sets env_file leader limit owner release token
#
# watch BASE TOKEN OWNER NAME WAY HOW URL ADDRESS ANSWER-SECONDS STATUS named|any PASSES [HEADER…]: leads a session of its own as long as
# .deploy/lease bears its name. When that ran out, who took the host out is gone: it returns once its live release answers well, or
# stays out, and .deploy/watched says why. An hour later nobody looks any more.
# WAY HOW: present|absent and the file below shared/ that keeps it out or in; or the user's commands, to return it and to read where it is.
trap : HUP INT
B=$1 D=$1/.deploy L=$1/.deploy/lock token=$2 owner=$3 name=$4 way=$5 how=$6 url=$7 address=$8 seconds=$9
shift 9
status=$1 naming=$2 passes=$3 told='' asked='' env_file=- limit=- leader=-
shift 3
left=$#
while [ "$left" -gt 0 ]; do
  set -- "$@" -H "$1"
  shift
  left=$((left - 1))
done

# -> until; fails where the host is back, or another run has it
is_ours() {
  version='' until='' holder=''
  [ -f "$D/drained" ] && read -r version until holder <"$D/lease" && [ "$version $holder" = "1 $name" ] && digits "$until"
} 2>/dev/null

since_over() { echo $(($(date +%s) - until)); }

# [-H HEADER…] -> why, and fails, unless `current` is a whole release that answers well
is_well() {
  read_current
  why='no release is live there'
  [ "$kind" = release ] || return 1
  state_of "$cur"
  why="release $cur is $state"
  case $state in partial | ready | bad) return 1 ;; esac
  passed=0
  while [ "$passed" -lt "$passes" ]; do
    answer=$(curl -q -sS -i -g --http1.1 --noproxy '*' --connect-to "::$address:" --max-time "$seconds" "$@" --url "$url" 2>&1 | head -c 65536 | tr -d '\r\000')
    is_right "$url" || return 1
    passed=$((passed + 1))
  done
  why=''
}

is_right() {
  first=$(printf '%s\n' "$answer" | head -n 1)
  why="$1 said $first"
  case "$first " in HTTP/1.[01]" $status "*) ;; *) return 1 ;; esac
  [ "$naming" = named ] || return 0
  why="$1 does not name release $cur"
  named=$(printf '%s\n' "$answer" | sed -n -e '/^$/q' -e 's/^[Xx]-[Rr][Ee][Ll][Ee][Aa][Ss][Ee]: *//p')
  if [ -n "$named" ]; then
    [ "$named" = "$cur" ]
  else
    case $answer in *"$cur"*) ;; *) return 1 ;; esac
  fi
}

# Under the mutex: whoever renews or takes over has it first, or finds the host returned.
come_back() {
  seen=$cur done=''
  lock
  read_current
  if is_ours && [ "$(since_over)" -ge 0 ] && [ "$cur" = "$seen" ] && put_in; then
    journal "$cur" "$cur" return 'by itself'
    rm -f "$D/watched" "$D/lease" "$D/drained"
    done=1
  fi
  unlock
  [ -n "$done" ]
}

# Fails also where the host is not out yet: a slow run may still ask for it, and must not find its watcher gone.
put_in() {
  file=$B/shared/$how
  case $way in
    absent) [ ! -e "$file" ] && ( umask 022 && put "$file" "in the pool" ) ;;
    # What somebody else wrote there meanwhile keeps the host out.
    present)
      [ -e "$file" ] || return 1
      why="somebody else wrote $file"
      grep -q '^out of the pool, by ' "$file" && rm -f -- "$file"
      ;;
    *)
      release=$cur
      find_folder current
      [ -n "$asked" ] || [ "$(where)" != in ] || return 1
      asked=1
      # What they leave behind must not keep the mutex (9).
      ( command_in "$folder" "$way" ) >/dev/null 2>&1 9>&-
      why="it is $(where) there"
      [ "$why" = 'it is in there' ]
      ;;
  esac
}

where() { ( command_in "$folder" "$how" ) 2>/dev/null 9>&- | head -c 200; }

tell() {
  if [ -z "$why" ] || [ "$why" = "$told" ]; then return 0; fi
  told=$why
  put "$D/watched" "1 $(stamp) $(printf '%s' "$why" | tail -c 500 | hex)" || true
}

if command -v timeout >/dev/null 2>&1; then limit=20; fi
rm -f "$0" # this shell has it open
while is_ours; do
  late=$(since_over)
  [ "$late" -lt 3600 ] || exit 0
  if [ "$late" -ge 0 ]; then
    if is_well "$@" && come_back; then exit 0; fi
    tell
  fi
  sleep 1
done
