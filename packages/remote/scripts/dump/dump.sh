# shellcheck disable=SC2030,SC2031  # codes of a pipeline go by files
#
# needs owned sha frame_up()
# sets failed_as free made password sum what words work
#
# How a source is looked at, dumped, restored and swapped, whatever it is. A driver is a script of its own,
# `dumpNAME.sh`, that begins `# with streamed.sh dump.sh restore.sh`, defines the functions below and ends in `main "$@"`:
#
#   source_open ARGS…       sets its variables, refuses what is odd, `need`s its tools, keeps the secret (see keep_secret)
#   source_inspect          `say`s: name HEX, server HEX, tool HEX, identity HEX, estimate BYTES, tables N; may `warn`
#   source_prepare          before a dump; may `fail`
#   source_dump             the plain dump on stdout; its code counts
#   source_verify           reads the plain dump on stdin; 0 if it is whole; may stop reading early
#   source_dumped           behind a whole dump, what was seen in it; may `warn`; optional
#   source_globals, source_verify_globals     the same for what is outside of the database; optional
#   source_restore_begin    makes ready under a name nobody uses, from $into; sets `undo`, a function that takes it away
#   source_restore          reads the plain dump on stdin; its code counts. Where $keep_going is 1, 0 with what failed in $work/failures
#   source_restore_end      names it $into, clears `undo`, sets `tables`
#   source_swappable        refuses where no swap could be made; may be before anything is dumped; optional
#   source_swap FROM KEEP DISCONNECT(0|1), source_count NAME, source_drop NAME, source_left     `say` their answers
#   source_words FILE       prints what of it may be shown: words.sh, for databases; all of it unless defined
#
# dump, verify and restore run beside each other in a pipeline: they never `fail` or `say`, their words go to stderr.
# What is not offered is not defined. In src/dump, NAME.ts checks the arguments and drivers.ts names it. Arguments, before the driver's own:
#   inspect | dump COMPRESSION LEVEL|- globals|- | restore COMPRESSION BYTES SHA256 INTO PLAIN-OWNERS(0|1) KEEP-GOING(0|1) MADE-BY|''
#   swappable | swap FROM KEEP DISCONNECT(0|1) | count NAME | drop NAME | left
# stdin: the secret in hex and a newline, then (restore) the bytes as they are stored.
# dump: stdout is the begin line and the bytes; the answer, with a begin line of its own, is on stderr.
source_words() { cat "$1"; }
source_dumped() { :; }
source_swappable() { :; }
work='' undo='' secret='' password=''
begin() { :; }

act() {
  verb=${1-}
  case $verb in dump | inspect | restore | swappable | swap | count | drop | left) ;; *) fail 64 argument-refused "no such verb: $verb" ;; esac
  shift
  IFS= read -r secret || fail 74 stream-damaged 'the secret did not arrive'
  if [ "$verb" = dump ]; then
    exec 3>&1 1>&2
    printf '\n%s\n' '--deploy-begin--' >&3
  else
    frame_up
  fi
  make_work
  "act_$verb" "$@"
}

act_inspect() {
  source_open "$@"
  source_inspect
  find_compressor auto
  say "compressor $compression"
  say_warnings
}

act_dump() {
  want=$1 level=$2 what=$3
  shift 3
  case $level in - | [1-9] | 1[0-9]) ;; *) fail 64 argument-refused "no such level: $level" ;; esac
  for tool in tee mkfifo wc; do need "$tool"; done
  sha_tool
  find_compressor "$want"
  source_open "$@"
  source_prepare
  if [ "$what" = globals ]; then
    dump_through source_globals source_verify_globals
  else
    dump_through source_dump source_verify
    source_dumped
  fi
  frame_up
  say "dumped $bytes $sum $compression"
  say_warnings
}

make_work() {
  own_folder "${TMPDIR:-/tmp}" || fail_write "$words"
  work=$made
}

# FOLDER -> made, one of our own in it, 0700, or words. It may hold a secret, so what a killed process left goes first;
# not that of other containers with the same folder, whose processes are not seen here.
own_folder() {
  seen_here=$(readlink /proc/self/ns/pid 2>/dev/null | tr -cd 0-9)
  for left in "${1%/}/.deploy-dump."*".${seen_here:-0}."*; do
    pid=${left##*/.deploy-dump.}
    pid=${pid%%.*}
    if [ -L "$left" ] || [ ! -d "$left" ] || ! digits "$pid" || kill -0 "$pid" 2>/dev/null; then continue; fi
    owner_of "$left"
    [ "$owned" != "$(id -u)" ] || rm -rf -- "$left"
  done
  made=$(mktemp -d "${1%/}/.deploy-dump.$$.${seen_here:-0}.XXXXXX" 2>&1) && return 0
  words=$made made=''
  return 1
}

leave() {
  [ -z "$undo" ] || "$undo"
  [ -z "$work" ] || rm -rf -- "$work"
  [ -z "$junk" ] || rm -rf -- "$junk"
}

warn() { printf '%s' "$1" | hex >>"$work/warnings" && echo >>"$work/warnings"; }
say_warnings() { [ ! -s "$work/warnings" ] || sed 's/^/warning /' "$work/warnings"; }
say_hex() { say "$1 $(printf '%s' "$2" | hex)"; }

# The secret -> password, without a process that would show it.
open_secret() {
  octal='' rest=$secret
  while [ -n "$rest" ]; do
    next=${rest#??}
    byte=${rest%"$next"}
    case $byte in 00 | *[!0-9a-f]* | ?) fail 64 argument-refused 'the secret is not hex, or holds a NUL' ;; esac
    value=$((0x$byte)) rest=$next
    octal="$octal\\0$((value / 64))$((value / 8 % 8))$((value % 8))"
  done
  password=$(printf '%b.' "$octal")
  password=${password%.}
  secret=''
}

# FILE: the password as the driver writes it, from stdin. 0600 by umask.
keep_secret() {
  { cat >"$1"; } 2>/dev/null && [ -s "$1" ] || fail_write "No space left, or $1 cannot be written"
}

# NAME -> words: the end of what it printed; never the password, never a row
words_of() {
  case $1 in
    verify | compress | unpack | tee | hash | count | mv) words=$(tail -c 1000 "$work/$1.err" 2>/dev/null) ;;
    *) words=$(source_words "$work/$1.err" 2>/dev/null | tail -c 1000) ;;
  esac
  hide
}

hide() {
  if [ "${#password}" -gt 3 ]; then
    case $words in *"$password"*) words='(what it printed holds the password, so it is not shown)' ;; esac
  fi
}

# WANT -> compression
find_compressor() {
  compression=$1
  case $1 in
    auto)
      if command -v zstd >/dev/null 2>&1; then compression=zstd
      elif command -v gzip >/dev/null 2>&1; then compression=gzip
      else compression=none
      fi
      ;;
    zstd | gzip) need "$1" ;;
    none) ;;
    *) fail 64 argument-refused "no such compression: $1" ;;
  esac
}

compress() {
  case $compression:$level in
    none:*) cat ;;
    gzip:1?) gzip -c -9 ;;
    *:-) "$compression" -c ;;
    *) "$compression" -c "-$level" ;;
  esac
}

decompress() {
  case $compression in
    none) cat ;;
    *) "$compression" -dc ;;
  esac
}

hash_plain() {
  # shellcheck disable=SC2086  # a command and its options
  $sha
}

count_plain() { wc -c; }

# NAME COMMAND: reads the fifo beside us. One that stops early and is content lets the rest pass by, since tee would
# meet a closed pipe; one that fails ends the pipeline at once.
beside() {
  mkfifo "$work/$1" 2>/dev/null || fail_write "No space left, or $work/$1 cannot be made"
  (
    trap - EXIT HUP INT PIPE TERM
    exec <"$work/$1" 3>&-
    "$2" >"$work/$1.out" 2>"$work/$1.err"
    code=$?
    [ "$code" != 0 ] || cat >/dev/null
    echo "$code" >"$work/$1.rc"
  ) &
  readers="$readers $!"
}
readers=''

# No pipefail in sh: every code goes to a file, and a code that is missing is a failure.
dump_through() {
  verifier=$2
  beside verify verify_quietly
  beside hash hash_plain
  beside count count_plain
  { "$1" </dev/null 2>"$work/dump.err" 3>&-; echo "$?" >"$work/dump.rc"; } |
    { tee "$work/verify" "$work/hash" "$work/count" 2>"$work/tee.err" 3>&-; echo "$?" >"$work/tee.rc"; } |
    { compress 2>"$work/compress.err" >&3; echo "$?" >"$work/compress.rc"; }
  gather verify hash count
  exec 3>&-
  judge dump 'the dump' compress "the compressor $compression" verify 'the check of the dump'
}

verify_quietly() { "$verifier" >/dev/null; }

# Waits for what reads beside us; a reader that waits for a tee which never came is let go.
gather() {
  code_of tee
  tries=0
  while [ "$code" != 0 ] && [ "$tries" -lt 10 ] && missing=$(first_missing "$@"); do
    (: <>"$work/$missing") 2>/dev/null
    tries=$((tries + 1))
    sleep 0.1 2>/dev/null || sleep 1
  done
  # Whose fifo was taken away with our folder cannot be let go.
  # shellcheck disable=SC2086  # pids
  if [ "$code" != 0 ] && [ "$tries" = 10 ]; then kill $readers 2>/dev/null; fi
  wait
}

first_missing() {
  for name in "$@"; do
    if [ ! -s "$work/$name.rc" ]; then
      echo "$name"
      return 0
    fi
  done
  return 1
}

code_of() {
  code=''
  [ ! -s "$work/$1.rc" ] || read -r code <"$work/$1.rc"
}

# Whether a part ended because what it writes to was gone: then another part is to blame.
piped() {
  [ "$code" != 141 ] || return 0
  [ "$code" != 0 ] && case $words in *'roken pipe'*) return 0 ;; esac
  return 1
}

# [NAME TITLE]…: all codes 0, or the first to blame. -> bytes, sum
judge() {
  blamed=''
  while [ "$#" -gt 0 ]; do
    look_at "$1" "$2"
    shift 2
  done
  for name in tee hash count; do look_at "$name" "$name"; done
  [ -z "$blamed" ] || fail 65 "$failed_as" "$blamed"
  read -r sum rest <"$work/hash.out"
  read -r bytes rest <"$work/count.out"
  [ "${#sum}" = 64 ] && digits "$bytes" || fail 65 "$failed_as" 'the dump could not be counted and hashed'
}
failed_as=backup-failed

look_at() {
  code_of "$1"
  [ "$code" != 0 ] || return 0
  words_of "$1"
  case $words in *'o space left'* | *'quota exceeded'* | *'disk is full'*) no_space "$2 ended ${code:-without a code}: $words" ;; esac
  if [ -z "$code" ]; then
    room "$work"
    [ "$free" -gt 0 ] || no_space "no code of $2 could be kept in $work"
    : "${blamed:="$2 was killed, or its end was not seen: $words"}"
  elif piped; then
    : "${blamed:="$2 ended $code: $words"}"
  else
    fail 65 "$failed_as" "$2 ended $code: $words"
  fi
}

no_space() {
  room "$work"
  fail 73 disk-full "no space on this host ($free bytes are free in ${work%/*}): $1"
}

# PATH -> free, in bytes
room() {
  # shellcheck disable=SC2046  # the words of df are wanted apart
  set -- $(df -Pk -- "$1" 2>/dev/null | tail -n 1)
  free=${4-}
  digits "$free" && free=$((free * 1024)) || free=0
}
