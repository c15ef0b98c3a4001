# with compare.sh
# needs cur kind path record sha standing state sum compare() place_of()
#
# drift BASE [PATH...]: what of the live release is not as it was sent, and which servers' files are not as they were written. PATH:
# what the application writes there itself. Reads only.
#
# `file KIND MODIFIED CHANGED UID PATH[//MORE]`, `server KIND MODIFIED CHANGED UID PATH`: seconds since 1970, by this host. A line feed in a
# name is \001, and no path that find prints holds //. `owner UID NAME(hex)`, `more N`: that many were not told.
act() {
  use_base "$1"
  shift
  newline=$(printf '\n.')
  newline=${newline%.}
  own=$(printf '%s\n' "$@")
  read_current
  say "live $cur"
  lines=$(
    servers
    [ "$kind" != release ] || release
  )
  [ -z "$lines" ] || say "$lines"
  owners
}

# A run that ended between a rename and its record left next/ as it wrote it.
servers() {
  for put in "$D/configure/put"/*; do
    [ -f "$put" ] || continue
    place_of "${put##*/}"
    next=$D/configure/next/${put##*/}
    if [ -f "$next" ] && cmp -s -- "$next" "$path"; then continue; fi
    compare "$put"
    [ "$standing" = same ] || say "server $standing $(times_of "$path") $(printf '%s' "${put##*/}" | tr '=' /)"
  done
}

# FILE, or where it stood: the folder that lost it. Links are not followed.
times_of() { stat -c '%Y %Z %u' -- "$1" 2>/dev/null || stat -c '%Y %Z -' -- "${1%/*}" 2>/dev/null || printf '0 0 -'; }

release() {
  state_of "$cur"
  manifest=$D/manifests/$cur
  if [ "$state" = foreign ] || [ ! -f "$manifest" ]; then
    say unlisted
    return 0
  fi
  sha_tool
  sha_of "$manifest"
  case $record in
    *"\"manifest\":\"$sum\""*) ;;
    *)
      say damaged
      return 0
      ;;
  esac
  cd "$B/releases/$cur" || exit 70
  names
  {
    cat "$manifest"
    echo '=='
    cat "$D/releases/$cur.shared" 2>/dev/null
    echo '=='
    cat "$D/releases/$cur.gone" 2>/dev/null
    echo '=='
    sums
    echo '=='
    walk
  } | differing_files
}

# What receive.sh wrote beside what was sent is as it was, or differs; an application may bring, or share, a RELEASE of its own.
names() {
  line=$(head -c 300 RELEASE 2>/dev/null)
  [ "$line" != "$cur" ] || own=$own$newline'RELEASE'
  line=$(head -c 300 REVISION 2>/dev/null)
  case $record in *"\"commit\":\"$line\""*) line=$cur ;; esac
  [ "$line" != "$cur" ] || own=$own$newline'REVISION'
}

# Files of the manifest alone: what prepare commands made is not read. A pipe or device in a file's place would be read for ever.
sums() {
  # shellcheck disable=SC2016,SC2086  # the text is another shell's; a command and its options
  awk -F '\t' '$1 == "f" { print "./" $5 }' "$manifest" | tr '\n' '\000' |
    xargs -0 sh -c 'for path; do if [ -f "$path" ] && [ ! -L "$path" ]; then printf "%s\000" "$path"; fi; done' sh |
    xargs -0 $sha 2>/dev/null
}

# Two lines for all that lies there: `TYPE MODE NAMES MODIFIED CHANGED UID PATH`, and what it leads to.
walk() {
  if find . -maxdepth 0 -printf '' 2>/dev/null; then
    find . -printf '%y %m %n %T@ %C@ %U %p\000%l\000' 2>/dev/null | tr '\n\000' '\001\n'
    return 0
  fi
  for type in d f; do
    find . -name '*[[:cntrl:]]*' -prune -o -type "$type" -exec stat -c "$type %a %h %Y %Z %u %n" {} +
  done 2>/dev/null | awk '{ print; print "" }'
  # shellcheck disable=SC2016  # the text is another shell's
  find . \( -name '*[[:cntrl:]]*' -prune -o ! -type f ! -type d \) -exec sh -c '
    for path; do
      type=f
      if [ -L "$path" ]; then type=l; elif [ ! -f "$path" ]; then type=o; fi
      printf "%s %s\n%s\n" "$type $(stat -c "%a %h %Y %Z %u" "$path")" "$(printf "%s" "$path" | tr "\n" "\001")" "$(readlink "$path" | tr "\n" "\001" | sed "s/.$//")"
    done' sh {} + 2>/dev/null
}

# What changed since the release first went live here: before that, prepare commands wrote, and state.sh listed what they took away. What
# is linked to another release has a new ctime whenever that one goes.
differing_files() {
  deploy_own=$own deploy_since=$(went_live) awk '
    function is_own(path, at) {
      for (at = 1; at <= owns; at++) if (own[at] != "" && (path == own[at] || index(path, own[at] "/") == 1)) return 1
      return path ~ /(^|\/)__pycache__(\/|$)/ && !(path in type)
    }
    function whole(seconds) { sub(/[.].*/, "", seconds); return seconds }
    function above(path) { return sub(/\/[^\/]*$/, "", path) ? path : "" }
    function told(kind, at, path, more) {
      if (++count > 500) return
      print "file " kind " " modified[at] " " changed[at] " " uid[at] " " path (more == "" ? "" : "//" more)
    }
    function judge(path) {
      if (!(path in type)) {
        if (here[path] != "d" && (names[path] > 1 ? modified[path] : changed[path]) + 0 > since) told(path ~ /^(REVISION|RELEASE)$/ ? "changed" : "extra", path, path)
      } else if (changed[path] + 0 <= since) return
      else if (here[path] != type[path]) told("kind", path, path, here[path])
      else if (type[path] == "l") { if (target[path] != goal[path]) told("link", path, path, target[path]) }
      else {
        if (type[path] == "f" && !(path in sum)) told("unread", path, path)
        else if (type[path] == "f" && sum[path] != sha[path]) told("changed", path, path)
        if (has[path] != mode[path]) told("mode", path, path, mode[path] " " has[path])
      }
    }
    BEGIN { part = 1; owns = split(ENVIRON["deploy_own"], own, "\n"); since = ENVIRON["deploy_since"] + 0 }
    part < 5 && $0 == "==" { part++; next }
    part == 1 {
      split($0, word, "\t")
      path = word[5]
      type[path] = word[1]; mode[path] = word[2]; sha[path] = word[4]
      if (word[1] == "l") goal[path] = substr($0, length(word[1] word[2] word[3] word[4] path) + 6)
      next
    }
    part == 2 {
      up = "../.."
      rest = $0
      while (sub(/^[^\/]*\//, "", rest)) up = up "/.."
      type[$0] = "l"; goal[$0] = up "/shared/" $0
      next
    }
    part == 3 { gone[$0]; next }
    part == 4 { sum[substr($0, 69)] = substr($0, 1, 64); next }
    {
      split($0, word, " ")
      path = substr($0, length(word[1] word[2] word[3] word[4] word[5] word[6]) + 9)
      here[path] = word[1]; names[path] = word[3]; modified[path] = whole(word[4]); changed[path] = whole(word[5]); uid[path] = word[6]
      has[path] = word[1] == "d" && length(word[2]) > 3 ? substr(word[2], length(word[2]) - 2) : word[2]
      if (getline target[path] <= 0) target[path] = ""
    }
    END {
      for (path in here) if (path != "" && !is_own(path)) judge(path)
      for (path in type) {
        if (path in here || path in gone || is_own(path)) continue
        for (up = above(path); up != "" && !(up in here) && !(up in type); ) up = above(up)
        if (up in here && here[up] == "d" && modified[up] + 0 > since) { uid[up] = "-"; told("gone", up, path) }
      }
      if (count > 500) print "more " count - 500
    }'
}

# Seconds since 1970 of the line `{"time":"2026-11-21T08:44:50Z",…` that first says it; where none does, all that differs is told.
went_live() {
  grep -F "\"to\":\"$cur\"" "$D/journal.jsonl" 2>/dev/null | awk '
    /"step":"(activate|rollback|revert)","result":"ok"/ {
      y = substr($0, 10, 4) + 0; m = substr($0, 15, 2) + 0; d = substr($0, 18, 2) + 0
      if (m <= 2) y--
      m = (m + 9) % 12
      days = 365 * y + int(y / 4) - int(y / 100) + int(y / 400) + int((153 * m + 2) / 5) + d - 719469
      printf "%.0f\n", days * 86400 + substr($0, 21, 2) * 3600 + substr($0, 24, 2) * 60 + substr($0, 27, 2)
      exit
    }'
}

# Names of those who own what was told.
owners() {
  for uid in $(printf '%s\n' "$lines" | awk '($1 == "file" || $1 == "server") && $5 != "-" { print $5 }' | sort -u); do
    say "owner $uid $({ getent passwd "$uid" || cat /etc/passwd; } 2>/dev/null | awk -F : -v uid="$uid" '$3 == uid { print $1; exit }' | tr -d '\n' | hex)"
  done
}
main "$@" </dev/null
