# with process.sh jobs.sh sweep.sh compare.sh devices.sh
# needs adopted boot_now cur freezer froze job job_code job_release kind lines standing target compare() devices() differences() is_job() place_of() read_boot() read_job()
#
# probe BASE JOURNAL-LINES rsync|git|- [SHARED-FILE|SHARED-FOLDER/…]: what is on this host; the version of that program. Reads only.
act() {
  use_base "$1"
  tail_lines=$2 program=$3
  shift 3
  say "user $(id -un 2>/dev/null || id -u)"
  say "clock $(date +%s)"
  tools
  case $program in rsync | git) version_of "$program" ;; esac
  space
  place
  devices
  leftovers
  read_current
  say "current $kind $cur $(hex_of "$target")"
  releases
  others=$(strangers)
  say "strangers $others"
  n=0
  for path in "$@"; do
    case $path in
      */) [ -n "$(ls -A -- "$B/shared/$path" 2>/dev/null)" ] || say "empty $n" ;;
      *) [ -e "$B/shared/$path" ] || say "missing $n" ;;
    esac
    n=$((n + 1))
  done
  if [ -f "$D/tenant" ]; then
    IFS= read -r line <"$D/tenant"
    say "tenant $line"
  fi
  if [ -f "$D/drained" ]; then
    IFS= read -r line <"$D/drained"
    say "drained $line"
    if [ -f "$D/watched" ]; then
      IFS= read -r line <"$D/watched"
      say "watched $line"
    fi
  fi
  [ ! -f "$B/shared/maintenance.html" ] || say 'maintenance on'
  if [ -f "$D/held" ]; then
    IFS= read -r line <"$D/held"
    say "held $line"
  fi
  if [ -f "$D/floor" ]; then
    IFS= read -r line <"$D/floor"
    say "floor $line"
  fi
  lenient=1
  read_adopted
  say "adopted $adopted"
  if [ -e "$L/state" ]; then
    IFS= read -r line <"$L/state"
    say "lock $line"
  fi
  read_frozen
  [ -z "$damaged" ] || say "damaged$damaged"
  [ -z "$frozen" ] || say "frozen $frozen $froze $freezer"
  [ ! -d "$D/made" ] || made
  [ ! -d "$D/jobs" ] || jobs
  [ ! -d "$D/configure/put" ] || configured
  [ ! -f "$D/journal.jsonl" ] || say "journal $(tail -n "$tail_lines" "$D/journal.jsonl" | tail -c 65536 | hex)"
}

# What commands made, of what they read: the rest is for carry.sh, when it comes to that.
made() {
  for path in "$D/made"/*/*; do
    name=${path%/*}
    name=${name##*/}
    if [ ! -f "$path" ] || ! is_release "$name" || [ ! -d "$B/releases/$name" ]; then continue; fi
    read -r version reads _ _ since _ <"$path"
    [ "$version" != 1 ] || say "made $name ${path##*/} $reads $since"
  done
}

jobs() {
  for path in "$D/jobs"/*; do
    name=${path##*/}
    if [ ! -d "$path" ] || ! is_job "$name"; then continue; fi
    read_job "$name"
    say "job $name $job $job_code $job_release"
  done
}

# A run that ended between a rename and its record left next/ as it wrote it.
configured() {
  for put in "$D/configure/put"/*; do
    [ -f "$put" ] || continue
    place_of "${put##*/}"
    next=$D/configure/next/${put##*/}
    if [ -f "$next" ] && cmp -s -- "$next" "$path"; then continue; fi
    compare "$put"
    [ "$standing" = same ] || say "configured $standing $lines $(hex_of "$(printf '%s' "${put##*/}" | tr '=' /)") $(differences "$put" | hex)"
  done
}

tools() {
  for tool in awk curl flock git gzip od openssl rsync setsid sha256sum shasum sqlite3 stat tar xargs zstd; do
    if command -v "$tool" >/dev/null 2>&1; then say "tool $tool"; fi
  done
  case $(cp --help 2>&1) in *--parents*) say 'tool cp-parents' ;; esac
  # fetch.sh takes no other wget, and curl first
  command -v curl >/dev/null 2>&1 || case $(wget --version 2>/dev/null) in 'GNU Wget'*) say 'tool wget' ;; esac
}

# Samba's says `rsync  version 3.2.7  protocol version 31`, openrsync `rsync version 2.6.9 compatible`.
version_of() {
  if ! command -v "$1" >/dev/null 2>&1; then return 0; fi
  say "$1 $("$1" --version 2>/dev/null | sed -n "/^$1  *version v*\\([0-9][0-9.]*\\).*/{ s//\\1/p; q; }")"
}

# What dead runs left, and what rsync or git brought for a release that was not made: kilobytes and inodes that sweeping frees.
# A file with other names stays where it is linked to, so it frees nothing. Sizes without names: those are data.
leftovers() {
  set --
  for path in "$D/staging"/*.* "$D/trash"/*.*; do
    case $path in *.rsync | *.git) [ -d "$path" ] ;; *) is_dead "$path" ;; esac || continue
    set -- "$@" "$path"
  done
  [ "$#" -gt 0 ] || return 0
  [ "$(id -u)" = 0 ] || set -- "$@" -type d ! -user "$(id -u)" -prune -o # only root can empty another user's folder
  find "$@" \( -type d -o -links 1 \) -exec stat -c %b {} + 2>/dev/null |
    awk '{ blocks += $1 } END { print "reclaim " int(blocks / 2) " " NR }'
}

# Free bytes and inodes, and whether we may write, of the nearest folder that exists.
space() {
  near=$B
  until [ -d "$near" ]; do
    near=${near%/*}
    [ -n "$near" ] || near=/
  done
  writable=1
  for path in "$near" "$B/releases" "$B/shared" "$D"; do
    [ ! -e "$path" ] || [ -w "$path" ] || writable=0
  done
  say "writable $writable"
  { df -P -k -- "$near"; df -P -i -- "$near"; } 2>/dev/null | awk '
    $1 == "Filesystem" { part++; next }
    part == 1 { kilobytes = $4; source = $1 }
    part == 2 { inodes = $2 > 0 ? $4 : "-" }
    END { print "kilobytes " kilobytes; print "inodes " inodes; print "source " source }'
}

# Where deploy-to is, for comparing hosts: this boot's device and inode of that folder, and what is below it.
place() {
  read_boot
  inode=$(stat -L -c '%d %i' -- "$near" 2>/dev/null) || return 0
  say "place $boot_now $inode $(hex_of "${B#"$near"}")"
}

releases() {
  for path in "$B/releases"/*; do
    name=${path##*/}
    if [ ! -d "$path" ] || [ -L "$path" ] || ! is_release "$name"; then continue; fi
    record=''
    if [ -e "$D/releases/$name.json" ]; then
      IFS= read -r record <"$D/releases/$name.json" || record=''
      [ -n "$record" ] || record='{' # there, but no record: never good
    fi
    say "release $name $record"
    [ ! -f "$D/releases/$name.backup" ] || say "bound $name $(head -c 4096 "$D/releases/$name.backup" | head -n 1 | hex)"
  done
}

# Names that are no releases, in hex, each ended by 00, at most 50.
strangers() {
  n=0
  for path in "$B/releases"/* "$B/releases"/.[!.]* "$B/releases"/..?*; do
    if [ ! -e "$path" ] && [ ! -L "$path" ]; then continue; fi
    if [ -d "$path" ] && [ ! -L "$path" ] && is_release "${path##*/}"; then continue; fi
    n=$((n + 1))
    [ "$n" -le 50 ] || return 0
    printf '%s\000' "${path##*/}" | hex
  done
}
main "$@" </dev/null
