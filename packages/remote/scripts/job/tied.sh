# needs D began folder command_in() group_lives() read_process()
# sets leader
#
# A command that ends with whoever waits for it: the end of stdin (descriptor 3) ends it and all that it started.

# COMMAND -> code: 143 where it was ended, whatever it made of the signal. The file leader is there until the watcher takes it.
run_tied() {
  junk=$D/staging/run.$$ leader=$junk/leader
  failure=$( { rm -rf -- "$junk" && mkdir -- "$junk" && true >"$leader"; } 2>&1) || fail_write "$failure"
  watch &
  watcher=$!
  ( command_in "$folder" "$1" ) 3<&-
  code=$?
  # By KILL: a TERM is lost on a shell that was forked and did not reset its traps yet. A command may have removed all of it.
  if [ -e "$leader" ] || [ ! -d "$junk" ]; then kill -KILL "$watcher"; else code=143; fi
  wait "$watcher" 2>/dev/null
}

# In the background: the end of stdin ends the group, and there is no end before the group's.
watch() {
  trap - EXIT HUP INT PIPE TERM
  exec >/dev/null 2>&1
  while read -r _ <&3; do :; done
  until [ -s "$leader" ]; do
    [ -e "$leader" ] || exit
    sleep 0.1 || sleep 1
  done
  read -r pid <"$leader"
  rm -f "$leader"
  end_group "$pid"
}

# PID: TERM to the group that it leads, KILL after two to three seconds; comes back once nothing of it lives
end_group() {
  read_process "$1"
  start=$began deadline=$(($(date +%s) + 3))
  kill -TERM "-$1"
  while group_lives "$1" "$start"; do
    [ "$(date +%s)" -lt "$deadline" ] || kill -KILL "-$1"
    sleep 0.1 || sleep 1
  done
}
