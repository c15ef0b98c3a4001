# needs release
#
# The marks of a release whose unchanged files are hard links (upload/marks.sh): removing an older release changes the ctime
# of all that both hold. What had its marks before that, and has inode, mtime and size after it, gets new ones; killed in
# between, it is hashed with the next deploy.
marks=''

look_before() {
  marks=$D/releases/$release.marks words=''
  [ ! -f "$marks" ] || IFS= read -r words <"$marks"
  [ "$words" = link ] && junk=$D/staging/$release.$$ && mkdir -- "$junk" 2>/dev/null || return 0
  look_at_links >"$junk/before"
}

# The marks file itself, then its files as they are now.
look_at_links() {
  (
    cd "$B/releases/$release" || exit
    { printf '%s\n' "../../.deploy/releases/$release.marks"; sed -n 's/^[0-9.]* [0-9.]* [0-9.]* [0-9]* //p' "$marks"; } |
      tr '\n' '\000' | xargs -0 stat -c '%i %.9Y %.9Z %s %n' --
  ) 2>/dev/null
}

look_after() {
  [ -n "$junk" ] || return 0
  look_at_links >"$junk/after"
  awk '
    BEGIN { print "link" }
    { like = $1 " " $2 " " $4; path = $0; sub(/^[^ ]+ [^ ]+ [^ ]+ [^ ]+ /, "", path) }
    part == 1 { known[$0]; next }
    part == 2 && path ~ /^\.\.\/\.\.\/\.deploy\/releases\// { written = $2 + 0; next }
    part == 2 { if ($0 in known && $3 + 0 < written) was[path] = like; next }
    path in was && was[path] == like
  ' part=1 "$marks" part=2 "$junk/before" part=3 "$junk/after" >"$junk/marks" || return 0
  # Without the mutex, which somebody may hold for long: who has removed it meanwhile has removed its record.
  [ ! -f "$D/releases/$release.json" ] || mv -f "$junk/marks" "$marks"
}
