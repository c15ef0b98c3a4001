# shellcheck disable=SC2030,SC2031  # codes of a pipeline go by files
#
# needs words work beside() code_of() decompress() find_compressor() gather() judge() piped() say_warnings() words_of()
# sets disconnect failed_as into plain_owners sum
#
# The way back, whatever the source is: see dump.sh, which comes before this.
act_restore() {
  compression=$1 wanted_size=$2 wanted_sum=$3 into=$4 plain_owners=$5
  shift 5
  for tool in tee mkfifo wc; do need "$tool"; done
  sha_tool
  find_compressor "$compression"
  source_open "$@"
  failed_as=restore-failed tables=0
  source_restore_begin
  restore_through
  source_restore_end
  say "restored $tables"
  say_warnings
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
  case $1 in *_before_[0-9a-f][0-9a-f][0-9a-f][0-9a-f] | *_deploy_restore_[0-9a-f][0-9a-f][0-9a-f][0-9a-f]) ;; *) return 1 ;; esac
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
