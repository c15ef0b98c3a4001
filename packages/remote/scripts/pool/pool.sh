# needs cur owner
#
# pool BASE TOKEN OWNER read|drain|return [SHARED-FILE make|remove|look]: that this host was taken out of its pool by a run of
# ours, in .deploy/drained: written before it leaves, dropped when it is back, and with either what lease.sh said before. And the file by
# which its health check fails.
act() {
  use_base "$1"
  file=${5-}
  case $4 in
    read) ;;
    drain | return) enter "$2" "$3" ;;
    *) fail 64 argument-refused "not a verb: $4" ;;
  esac
  if [ "$4" = drain ] && [ ! -f "$D/drained" ]; then
    must_put "$D/drained" "1 $owner $(stamp)"
    note_it drain
  fi
  [ "$4" = read ] || [ -n "$file" ] || rm -f "$D/lease" "$D/watched"
  [ -z "$file" ] || "${6}_it"
  if [ "$4" = return ] && [ -z "$file" ] && [ -f "$D/drained" ]; then
    rm -f "$D/drained" || fail_write "$D/drained cannot be removed"
    note_it return
  fi
  if [ -f "$D/drained" ]; then say ours; else say others; fi
}

note_it() {
  read_current
  journal "$cur" "$cur" "$1" ok
}

# The web server's own user looks for it.
make_it() {
  failure=$( { umask 022 && mkdir -p "$B/shared/$(dirname "$file")" && put "$B/shared/$file" "out of the pool, by $owner"; } 2>&1) || fail_write "$failure"
}

remove_it() {
  failure=$(rm -f -- "$B/shared/$file" 2>&1) || fail_write "$failure"
}

look_it() {
  if [ -e "$B/shared/$file" ]; then say present; else say absent; fi
}
main "$@" </dev/null
