# embeds watch.sh with envFile.sh command.sh
# needs owner token watch
#
# lease BASE TOKEN OWNER renew SECONDS
# lease BASE TOKEN OWNER take SECONDS WAY HOW URL ADDRESS ANSWER-SECONDS STATUS named|any PASSES [HEADER…]
# Of a host that was taken out: until when whoever did it is thought to live, in .deploy/lease, and by which watcher it comes back then.
act() {
  use_base "$1"
  digits "$5" || fail 64 argument-refused "not a number: $5"
  enter "$2" "$3"
  op=$4 until=$(($(date +%s) + $5))
  shift 5
  case $op in
    renew) renew ;;
    take) take "$@" ;;
    *) fail 64 argument-refused "not a verb: $op" ;;
  esac
  unlock
}

# What its watcher ended there is none to renew.
renew() {
  version='' name=''
  [ ! -f "$D/lease" ] || read -r version _ name <"$D/lease"
  if [ "$version" != 1 ] || [ -z "$name" ]; then say over; return 0; fi
  must_put "$D/lease" "1 $until $name"
  say watched
}

take() {
  for tool in setsid curl; do
    if ! command -v "$tool" >/dev/null 2>&1; then say "unwatched $tool"; return 0; fi
  done
  name=$$-$(date +%s)
  must_put "$D/watch.$name" "$watch"
  must_put "$D/lease" "1 $until $name"
  ( exec setsid sh "$D/watch.$name" "$B" "$token" "$owner" "$name" "$@" ) </dev/null >/dev/null 2>&1 9>&- &
  tries=0
  # It removes its own text: from then on no hang-up ends it.
  while [ -e "$D/watch.$name" ]; do nap "$D/watch.$name"; done
  say watched
}
main "$@" </dev/null
