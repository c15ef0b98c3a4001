# needs boot_now command_in() read_boot() read_process()
# sets env_file leader limit owner release token
#
# runner BASE JOB RELEASE FOLDER ENV-FILE|- LOCALE TOKEN OWNER STEP COMMAND: leads a session of its own, and the
# process group that `end` signals. Its output is the job's until the claim is made: a reason not to start.
trap : HUP INT TERM
B=$1 D=$1/.deploy J=$1/.deploy/jobs/$2 release=$3 folder=$4 env_file=$5 saved_locale=$6 token=$7 owner=$8 step=$9 limit=- leader=-
shift 9

# The liveness lock first, the claim then: claimed, unlocked and without a code can only mean lost.
live() {
  way=pid
  command -v flock >/dev/null 2>&1 || return 0
  way=flock tries=0
  exec 8>>"$J/alive"
  until flock -n 8; do
    tries=$((tries + 1))
    [ "$tries" -lt 50 ] || exit 0
    sleep 0.1 2>/dev/null || sleep 1
  done
}

# A hard link appears whole or not at all, and only once.
claim() {
  read_boot
  began=-
  read_process "$$"
  printf '%s\n' "1 $$ $began $boot_now $(date +%s) $way ." >"$J/claim.$$" || exit 73
  ln "$J/claim.$$" "$J/claim"
  won=$?
  rm -f "$J/claim.$$"
  return "$won"
}

# The room for the code is taken before the command can fill the disk.
reserve() { printf '%-200s\n' reserved >"$J/rc.new"; }

write_code() {
  [ -e "$J/rc" ] || { printf '%-200s\n' "1 $code $(date +%s) $note $by ." 1<>"$J/rc.new" && mv -f "$J/rc.new" "$J/rc"; }
}

# Ended from outside is no success, whatever the command made of the signal.
judge() {
  note=- by=- result="exit $code"
  if [ -e "$J/ending" ]; then
    note=ended
    read -r by <"$J/ending" || by=-
    by=${by:--}
    [ "$code" != 0 ] || code=143
    result="exit $code"
  fi
  [ "$code" != 0 ] || result=ok
}

live
[ ! -e "$J/claim" ] || exit 0
reserve || exit 73
claim || exit 0
rm -f "$J/runner" # this shell has it open
exec 9>&- >/dev/null 2>&1
( command_in "$folder" "$1" ) >>"$J/out" 2>&1
code=$?
judge
tries=0
until write_code; do
  tries=$((tries + 1))
  [ "$tries" -lt 60 ] || break
  sleep 5
done
journal - "$release" "$step" "$result"
exit 0
