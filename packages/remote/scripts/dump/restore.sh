# shellcheck disable=SC2030,SC2031  # codes of a pipeline go by files
#
# needs made work beside() code_of() decompress() find_compressor() gather() hide() judge() piped() own_folder() say_hex() say_warnings() source_words() words_of()
# sets disconnect failed_as into keep_going leaf made_by plain_owners sum
#
# The way back, whatever the source is: see dump.sh, which comes before this.
act_restore() {
  compression=$1 wanted_size=$2 wanted_sum=$3 into=$4 plain_owners=$5 keep_going=$6 made_by=$7
  shift 7
  for tool in tee mkfifo wc; do need "$tool"; done
  sha_tool
  find_compressor "$compression"
  source_open "$@"
  failed_as=restore-failed tables=0
  source_restore_begin
  restore_through
  source_restore_end
  say "restored $tables"
  say_failures
  say_warnings
}

# What a restore that was to go on went past, as the driver kept it in $work/failures.
say_failures() {
  [ -s "$work/failures" ] || return 0
  words=$(source_words "$work/failures" | head -n 200)
  hide
  printf '%s\n' "$words" >"$work/failures"
  while IFS= read -r line; do say_hex failed "$line"; done <"$work/failures"
}

# PATH -> we stand in a folder of our own, 0700, beside it, and `../$leaf` is its place. The application may write to the
# folder around and put a link where anything of ours was: what is entered is looked at, and from here on names are relative.
stand_beside() {
  leaf=${1##*/}
  cd -P -- "${1%/*}/" 2>/dev/null || fail 66 restore-failed "there is no folder ${1%/*}/"
  around=$(pwd -P)
  own_folder . || fail_write "$words"
  junk=${around%/}/${made#./}
  owned=''
  ! cd -P -- "$made" 2>/dev/null || owner_of .
  case $owned:$(pwd -P):$(stat -c %a .):$(ls -A .) in "$(id -u):$junk:"*700:) return 0 ;; esac
  taken=$junk junk=''
  rm -f -- "$taken" 2>/dev/null
  fail 71 path-unsafe "somebody else put something in the place of $taken"
}

# FROM TO: one rename. A link or a folder that came to be TO meanwhile is never followed or entered.
rename_to() {
  mv -f -T -- "$1" "$2" 2>"$work/mv.err" && return 0
  grep -q 'option' "$work/mv.err" && [ ! -e "$2" ] && [ ! -L "$2" ] && mv -f -- "$1" "$2" 2>"$work/mv.err"
}

# PATH, a real one: why no rename can take it away and put another one there; nothing where one can
why_fixed() {
  parent=${1%/*}/
  if [ ! -w "$parent" ]; then
    echo "$(id -un) may not write in ${parent%/}"
  elif [ -k "$parent" ] && [ "$(id -u)" != 0 ] && [ ! -O "$1" ] && [ ! -O "$parent" ]; then
    echo "$1 is not $(id -un)'s, and ${parent%/} is sticky"
  elif cut -d ' ' -f 5 /proc/self/mountinfo 2>/dev/null | grep -qxF -e "$(printf '%s' "$1" | sed 's/\\/\\134/g; s/ /\\040/g')"; then
    echo "$1 is a mount point"
  fi
}

# What cannot be unpacked is damaged; what the source did not take failed.
restore_through() {
  beside hash hash_plain
  beside count count_plain
  exec 4<&0
  { decompress <&4 2>"$work/unpack.err"; echo "$?" >"$work/unpack.rc"; } |
    { tee "$work/hash" "$work/count" 2>"$work/tee.err"; echo "$?" >"$work/tee.rc"; } |
    {
      source_restore >"$work/restore.out" 2>"$work/restore.err"
      code=$?
      [ "$code" != 0 ] || cat >/dev/null
      echo "$code" >"$work/restore.rc"
    }
  exec 4<&-
  gather hash count
  code_of unpack
  words_of unpack
  if [ "$code" != 0 ] && [ -n "$code" ] && ! piped; then
    look_at_space
    fail 74 restore-damaged "the stored bytes cannot be unpacked, $compression ended $code: $words"
  fi
  code_of tee
  [ "$code" != 0 ] || need_whole
  judge restore 'the restore' unpack "$compression"
  need_whole
}

# What is not whole is called that, whatever the source thought of it.
need_whole() {
  sum='' bytes=''
  read -r sum rest <"$work/hash.out"
  read -r bytes rest <"$work/count.out"
  [ "$bytes:$sum" = "$wanted_size:$wanted_sum" ] ||
    fail 74 restore-damaged "what arrived are $bytes bytes with SHA-256 $sum, the backup has $wanted_size with $wanted_sum"
}

look_at_space() {
  case $words in *'o space left'*) no_space "$words" ;; esac
}

act_swap() {
  from=$1 keep=$2 disconnect=$3
  shift 3
  source_open "$@"
  failed_as=restore-failed
  source_swap "$from" "$keep" "$disconnect"
}

act_swappable() {
  source_open "$@"
  source_swappable
  say swappable
}

act_count() {
  name=$1
  shift
  sha_tool
  source_open "$@"
  source_count "$name"
}

act_left() {
  source_open "$@"
  source_left
}

# NAME: it is of a restore; where names are paths, the source's own with an ending
is_left() {
  case $1 in *_before_[0-9a-f][0-9a-f][0-9a-f][0-9a-f] | *_incomplete_[0-9a-f][0-9a-f][0-9a-f][0-9a-f] | *_deploy_restore_[0-9a-f][0-9a-f][0-9a-f][0-9a-f]) ;; *) return 1 ;; esac
}

# PATH: tells each of what restores left beside it
say_left() {
  for beside in "$1"_*; do
    ! is_left "$beside" || say "left $(printf '%s' "$beside" | hex) $(($(du -sk -- "$beside" | cut -f 1) * 1024))"
  done
}

# Only what was made to be thrown away.
act_drop() {
  name=$1
  shift
  case $name in *_deploy_verify_*) ;; *) is_left "$name" || fail 64 argument-refused "$name was made neither for a check of a backup nor by a restore" ;; esac
  source_open "$@"
  source_drop "$name"
  say dropped
}
