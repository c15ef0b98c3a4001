# needs app directories environment files junk live_from live_line next_from next_line record serial state sum get() give_up() tell()
# sets live_id
#
# A release that a pointer names, made on this machine and ready, unseen.
select_live() { live_id=${live_line%% *}; }

bring_live() {
  bring "$live_line" "$live_from" || give_up
}

# That what comes next cannot be prepared is told, and is no reason not to serve what is live.
bring_next() {
  if bring "$next_line" "$next_from"; then tell ready; else tell failed; fi
}

# LINE DELTAS: fails for what another try would not change: the release's own commands
bring() {
  set -f
  # shellcheck disable=SC2086  # words
  set -- "$2" $1
  set +f
  deltas=$1 id=$2 manifest=$3 count=$4 mtime=$5 commit=$6 parcel=$7 bytes=$8 encoding=$9 from=-
  need_release "$id"
  is_ready && return 0
  choose_delta
  fetch_parcel
  receive || { [ "$from" != - ] && whole; } || fail 74 receive-failed "$id could not be made: $words"
  prepare_in "$B/releases/$id" || return 1
  [ -z "$prepare" ] || mark_ready
}

is_ready() {
  [ -d "$B/releases/$id" ] && [ ! -L "$B/releases/$id" ] || return 1
  state_of "$id"
  case $state:$record in
    ready:*"\"manifest\":\"$manifest\""* | active:*"\"manifest\":\"$manifest\""* | good:*"\"manifest\":\"$manifest\""*) ;;
    *) return 1 ;;
  esac
}

# The first whose base was proved here; the whole is kept for where it does not do.
choose_delta() {
  full="$parcel $bytes $encoding"
  [ -n "$deltas" ] || return 0
  printf '%s' "$deltas" >"$junk/deltas"
  while read -r base small size how; do
    state_of "$base"
    [ "$state" = good ] && [ -d "$B/releases/$base" ] || continue
    from=$base parcel=$small bytes=$size encoding=$how
    return 0
  done <"$junk/deltas"
}

whole() {
  from=- parcel=${full%% *} encoding=${full##* } bytes=${full#* }
  bytes=${bytes%% *}
  fetch_parcel
  receive
}

# Before anything is unpacked, it is what was signed.
fetch_parcel() {
  case $parcel in *[!0-9a-f]* | '') fail 74 stream-refused 'the pointer names no parcel' ;; esac
  get "parcels/$parcel" "$junk/parcel" "$bytes" || { say "stale $(tail -n 1 "$junk/said")"; end 0; }
  sha_of "$junk/parcel"
  [ "$sum" = "$parcel" ] || fail 74 stream-damaged "the parcel of $id is not what was signed"
}

receive() {
  ready=1
  [ -z "$prepare" ] || ready=0
  details="\"artifact\":\"${full%% *}\",\"commit\":\"$commit\",\"run\":\"pull-$serial\",\"time\":$mtime"
  touch=$(date -u -d "@$mtime" +%Y%m%d%H%M.%S) || fail 78 tool-missing 'date cannot read a time'
  set -- "$B" "$serial" puller "$id" "$manifest" "$count" "$from" "$touch" "$ready" "$details" "$commit" 0 - copy changed "$encoding" stream "$app $environment -"
  printf '%s' "$directories" >"$junk/shared"
  set -- "$@" "$(grep -c '' "$junk/shared")"
  printf '%s' "$files" >>"$junk/shared"
  while IFS= read -r path; do set -- "$@" "$path"; done <"$junk/shared"
  sh "$A/receive.sh" "$@" <"$junk/parcel" >"$junk/answer" 2>&1 8>&-
  received=$?
  words=$(sed -n 's/^error //p' "$junk/answer" | head -n 1)
  return "$received"
}

# FOLDER
prepare_in() {
  [ -n "$prepare" ] || return 0
  printf '%s' "$prepare" >"$junk/commands"
  while IFS= read -r command; do
    (cd "$1" && exec sh -c "$command") </dev/null >>"$junk/commands.log" 2>&1 8>&- || return 1
  done <"$junk/commands"
}

# Made again by receive where this does not come: what it calls partial is nobody's yet.
mark_ready() {
  enter "$serial" puller
  state_of "$id"
  [ "$state" != partial ] || set_state "$id" ready || fail_write "No space left, or the state of $id cannot be written"
  unlock
}
