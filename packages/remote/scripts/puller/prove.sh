# needs cur junk keep live_id next_line serial state words ask() tell()
#
# After the switch: what is live is told to its server, asked, and found good, or it is taken back.
prove() {
  state_of "$live_id"
  [ "$state" != good ] || return 0
  after_all
  if healthy; then
    finish_live
  else
    give_up
  fi
}

after_all() {
  [ -n "$after_switch" ] || return 0
  printf '%s' "$after_switch" >"$junk/after"
  while IFS= read -r command; do
    (cd "$B/current" && exec sh -c "$command") </dev/null >>"$junk/commands.log" 2>&1 8>&- || :
  done <"$junk/after"
}

healthy() {
  [ -n "$health" ] || return 0
  tries=${health%% *} url=${health#* }
  while [ "$tries" -gt 0 ]; do
    answer
    case $(sed -n '1s/^ *HTTP[^ ]* \([0-9]*\).*/\1/p' "$junk/head") in
      2??) ! grep -qi "^ *x-release: $live_id.\{0,1\}\$" "$junk/head" || return 0 ;;
    esac
    tries=$((tries - 1))
    [ "$tries" = 0 ] || sleep 1
  done
  return 1
}

answer() {
  : >"$junk/head"
  if command -v curl >/dev/null 2>&1; then curl -q -sS -g --noproxy '*' --max-time 10 --dump-header "$junk/head" --output /dev/null "$url"
  else wget -q -S -T 10 -O /dev/null "$url" 2>"$junk/head"
  fi >/dev/null 2>&1 || :
}

# Good; what is older than `keep` of the others goes.
finish_live() {
  set -- "$B" "$serial" puller "$live_id" - - -
  left=$keep
  # shellcheck disable=SC2045  # names of releases
  for name in $(ls -r "$B/releases"); do
    is_release "$name" && [ "$name" != "$live_id" ] && [ "$name" != "${next_line%% *}" ] || continue
    left=$((left - 1))
    [ "$left" -ge 0 ] || set -- "$@" "$name"
  done
  ask finish "$@" || fail 74 finish-failed "$live_id could not be marked good: $words"
}

# Written down before the way back, so that whoever is killed on it does not begin anew.
give_up() {
  must_put "$P/failed" "$serial $live_id"
  retreat
  tell failed
  say "failed $live_id"
  end 0
}

# To what was live before. On a fresh machine that is nothing: it serves nothing.
retreat() {
  read_current
  [ "$cur" = "$live_id" ] || return 0
  previous=-
  [ ! -f "$P/previous" ] || IFS= read -r previous <"$P/previous"
  [ -d "$B/releases/$previous" ] || previous=-
  ask flip "$B" "$serial" puller "$live_id" "$previous" revert || fail 74 flip-failed "the way back to $previous failed: $words"
  after_all
}
