# with sweep.sh storeAccess.sh pointer.sh bring.sh prove.sh
# needs cur expires live_id serial bring_live() bring_next() fetch_pointer() judge() prove() read_pointer() retreat() select_live() set_access() sweep() tell()
# sets app environment floor host imds store words ask()
#
# puller BASE: one pass of a machine that deploys itself. Reads the pointer of its store, believes it only if the environment's key signed it,
# and becomes what it says. `.deploy/puller` holds: settings, key.pem, agent/ (receive, flip, finish); pointer (the last that was
# obeyed), failed, previous, told. Killed anywhere, the next pass goes on: what is written is written whole, before what follows from it.
# Its answer is one word and what it is about: live, ready, waiting, stale, refused, failed.
begin() { :; }
end() { exit "$1"; }
fail() {
  say "error $2 $3" >&2
  end "$1"
}

act() {
  use_base "$1"
  P=$D/puller A=$D/puller/agent
  [ -f "$P/settings" ] || fail 66 deploy-to-missing "there is no $P/settings"
  for tool in awk cmp openssl sed; do need "$tool"; done
  read_settings
  sha_tool
  alone
  mkdir -p -- "$D/staging" || fail_write "$D/staging cannot be made"
  sweep "$D/staging"
  junk=$D/staging/puller.$$
  failure=$(mkdir -- "$junk" 2>&1) || fail_write "$failure"
  if fetch_pointer; then
    judge
    put_pointer
  else
    stale
  fi
  obey
}

# One puller at a time. A host without flock may have two: receive and flip keep them apart, and the later pass mends.
alone() {
  command -v flock >/dev/null 2>&1 || return 0
  exec 8>>"$P/mutex"
  flock -n 8 || { say 'waiting another puller is at work'; end 0; }
}

# floor: the serial below which this machine believes nothing, from its birth
read_settings() {
  app='' environment='' store='' floor=0 host='' region='' imds=http://169.254.169.254
  while IFS= read -r line; do
    value=${line#* }
    case $line in
      'app '*) app=$value ;;
      'environment '*) environment=$value ;;
      'store '*) store=${value%/} ;;
      'floor '*) floor=$value ;;
      'host '*) host=$value ;;
      'role-region '*) region=$value ;;
      'imds '*) imds=$value ;;
      *) fail 70 state-version "$P/settings has an unknown line: $line" ;;
    esac
  done <"$P/settings"
  digits "$floor" || fail 70 state-version "$P/settings has no floor"
  case $host in '' | *[!A-Za-z0-9._-]*) fail 70 state-version "$P/settings has no name of this host" ;; esac
  set_access
}

# What was signed, as it is: it is this machine's memory of the highest serial. Before anything is done by it.
put_pointer() {
  cmp -s "$junk/body" "$P/pointer" || { cp "$junk/body" "$P/pointer.new" && mv -f "$P/pointer.new" "$P/pointer"; } ||
    fail_write "No space left, or $P/pointer cannot be written"
}

# Nobody to ask: what is served is served on, and proved where a pass was killed before that.
stale() {
  if [ -f "$P/pointer" ] && read_pointer "$P/pointer"; then
    select_live
    read_current
    [ "$cur" != "$live_id" ] || [ "$(date +%s)" -ge "$expires" ] || prove
  fi
  say "stale $(tail -n 1 "$junk/said" 2>/dev/null)"
  end 0
}

obey() {
  select_live
  gave_up && { tell failed; say "failed $live_id"; end 0; }
  bring_live
  switch
  prove
  tell live
  [ -z "$next_line" ] || bring_next
  say "live $live_id $serial"
}

# A release that failed here under this very pointer is not tried again: a fresh machine would do so for ever.
gave_up() {
  was=''
  [ ! -f "$P/failed" ] || IFS= read -r was <"$P/failed"
  [ "$was" = "$serial $live_id" ] || return 1
  read_current
  [ "$cur" != "$live_id" ] || retreat
}

switch() {
  read_current
  [ "$cur" != "$live_id" ] || return 0
  [ -z "$at" ] || wait_for_second
  must_put "$P/previous" "$cur"
  ask flip "$B" "$serial" puller "$cur" "$live_id" activate || fail 74 flip-failed "$live_id could not be made live: $words"
}

# Until the agreed second is near, a pass is only a promise; then what takes the order back is looked for once more.
wait_for_second() {
  left=$((at - $(date +%s)))
  [ "$left" -gt 0 ] || return 0
  tell ready
  if [ "$left" -gt 20 ]; then
    say "waiting $live_id $at"
    end 0
  fi
  while [ "$(date +%s)" -lt $((at - 1)) ]; do sleep 0.2 2>/dev/null || sleep 1; done
  if fetch_pointer && ! cmp -s "$junk/pointer" "$junk/pointer.1"; then
    say "waiting $live_id was taken back or replaced"
    end 0
  fi
  while [ "$(date +%s)" -lt "$at" ]; do sleep 0.1 2>/dev/null || sleep 1; done
}

# SCRIPT ARGUMENT…: words is what it said
ask() {
  script=$A/$1.sh
  shift
  sh "$script" "$@" >"$junk/answer" 2>&1 8>&-
  asked=$?
  words=$(sed -n 's/^error //p' "$junk/answer" | head -n 1)
  return "$asked"
}
main "$@" </dev/null
