# sets path standing lines
#
# Servers' own files, as the last run left them: .deploy/configure/put/<name>, and next/<name> where a run ended in between. The name is
# the path with = in the place of /, which no such path holds.

key_of() { printf '%s' "$1" | tr / '='; }

# NAME -> path, with ~ resolved
place_of() {
  path=$(printf '%s' "$1" | tr '=' /)
  # shellcheck disable=SC2088  # the tilde is text here
  case $path in '~/'*) path=${HOME-}/${path#'~/'} ;; esac
}

# FILE, against what stands at $path -> standing: same, gone, unread, differs; lines that differ
compare() {
  standing=same lines=0
  if [ ! -e "$path" ] && [ ! -L "$path" ]; then
    standing=gone
  elif [ ! -f "$path" ] || [ ! -r "$path" ]; then
    standing=unread
  elif ! cmp -s -- "$1" "$path"; then
    standing=differs
    lines=$(differing "$1" | grep -c .)
  fi
}

# FILE: "< line" of it, "> line" of what stands at $path. BusyBox knows no form of diff but the unified one.
differing() {
  diff -- "$1" "$path" 2>/dev/null | sed -e '/^---/d' -e '/^+++/d' -e 's/^-/< /' -e 's/^+/> /' | grep '^[<>]'
}

# FILE: some lines that differ from it at $path. A plan and a log show them: what may be a secret is its first word.
differences() {
  differing "$1" | awk '
    BEGIN { for (i = 0; i < 25; i++) run = run "[A-Za-z0-9+_=-]"; run = run "[A-Za-z0-9+_=-]*" }
    ++shown > 4 { exit }
    { low = tolower($0) }
    low ~ /pass|secret|token|key|auth|credential|cookie|dsn|env|fastcgi_param|:\/\/[^\/ ]*@/ {
      word = $2
      sub(/[=:"].*/, "", word)
      print $1 " " word " ..."
      next
    }
    { gsub(run, "..."); gsub(/[\001-\037\177]/, " "); print substr($0, 1, 100) }'
}
