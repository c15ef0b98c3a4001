# shellcheck disable=SC2016  # awk's fields are wanted as they are
#
# needs work warn()
#
# Whose files are, for dumpFiles.sh. Root gives them back as they were; anybody else owns what it unpacks, and gives it the groups
# that it is in itself. What is not kept is counted, and told before anything is swapped.

# FOLDER… -> whether an ACL is among them, as GNU ls shows it
has_acl() { find "$@" -exec ls -ldn '{}' + | grep -q '^[^ ]*+ '; }

# -> acls, tar's option where it has one
find_acls() {
  acls=''
  if tar --help 2>&1 | grep -q -e --acls; then acls=--acls; fi
}

# FOLDER…: those that are others' -> how many, one line
count_others() { find "$@" ! -user "$(id -u)" -exec sh -c 'for path do echo; done' sh '{}' + | wc -l; }

# An archive on stdin, unpacked here; its list in $work/listing
unpack() {
  find_acls
  if [ "$(id -u)" = 0 ]; then
    # shellcheck disable=SC2086  # nothing or a word
    tar --numeric-owner $acls -xpf -
    return "$?"
  fi
  mkfifo "$work/list" || return 1
  { tar --numeric-owner -tvf -; cat; } <"$work/list" 2>/dev/null | grep '^[-dlh][-rwxsStT]* *[0-9]*/[0-9]* ' >"$work/listing" &
  # shellcheck disable=SC2086  # nothing or a word
  tee "$work/list" | tar $acls -xpf -
  code=$?
  wait
  return "$code"
}

# In the folder that was unpacked, where no link leads out of it.
give_groups() {
  [ -s "$work/listing" ] || return 0
  for group in $(id -G); do
    [ "$group" = "$(id -g)" ] || awk -v group="$group" "$names_of" "$work/listing" | xargs -0 -r chgrp -h -- "$group" 2>/dev/null
  done
  lost=$(awk -v user="$(id -u)" -v groups=" $(id -G) " \
    '{ split($2, owner, "/") } owner[1] != user || !index(groups, " " owner[2] " ") { n++; all[$2] } END { if (n) { printf "%d of %d files and folders (", n, NR; for (one in all) printf "%s%s", more++ ? ", " : "", one; print ")" } }' "$work/listing")
  [ -z "$lost" ] || warn "$lost belonged to another user or group, by number, and are $(id -un)'s now: as root, chown them, or the application may not write there"
}

tell_acls() {
  ! grep -q -i ' acl' "$work/restore.err" || warn "ACLs were not kept: $(grep -i -m 1 ' acl' "$work/restore.err")"
}

# Paths of what is of this group, each with a NUL, as GNU tar lists them: escaped.
names_of='
BEGIN { plain["n"] = "\n"; plain["t"] = "\t"; plain["r"] = "\r"; plain["a"] = "\a"; plain["b"] = "\b"; plain["f"] = "\f"; plain["v"] = "\v" }
$1 ~ /^[-d]/ {
  split($2, owner, "/")
  if (owner[2] != group) next
  rest = $0
  sub(/^[^ ]+ +[^ ]+ +[^ ]+ +[^ ]+ +[^ ]+ /, "", rest)
  name = ""
  while (match(rest, /\\/)) {
    name = name substr(rest, 1, RSTART - 1)
    digits = substr(rest, RSTART + 1, 3)
    first = substr(digits, 1, 1)
    if (digits ~ /^[0-7][0-7][0-7]$/) {
      name = name sprintf("%c", first * 64 + substr(digits, 2, 1) * 8 + substr(digits, 3, 1))
      rest = substr(rest, RSTART + 4)
    } else {
      name = name (first in plain ? plain[first] : first)
      rest = substr(rest, RSTART + 2)
    }
  }
  printf "%s%s%c", name, rest, 0
}'
