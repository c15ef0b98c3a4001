# bind BASE TOKEN OWNER RELEASE JOB RECORD: binds a backup to the release that is about to change the database.
# Once the release's job has begun, the backup from before it stays bound: a later one holds what it changed already.
act() {
  use_base "$1"
  need_release "$4"
  enter "$2" "$3"
  [ -d "$B/releases/$4" ] || fail 66 release-missing "there is no release $4 in $B/releases"
  file=$D/releases/$4.backup
  bound
  if [ -z "$record" ] || ! began "$5"; then
    must_put "$file" "$6"
    bound
  fi
  unlock
  say "bound $(printf '%s' "$record" | hex)"
}

# -> record: what is bound, or nothing where that is no record of ours
bound() {
  record=''
  [ -f "$file" ] || return 0
  record=$(head -c 4096 "$file" | head -n 1)
  case $record in '{"schema":1,"id":"'*'"}') ;; *) record='' ;; esac
}

# JOB: it is there, or was put aside by a retry
began() {
  for path in "$D/jobs/$1" "$D/jobs/$1~"*; do
    [ ! -d "$path" ] || return 0
  done
  return 1
}
main "$@" </dev/null
