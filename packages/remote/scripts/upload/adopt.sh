# needs how id source refuse()
# sets from origin
#
# A tree that rsync.sh received, for receive.sh: the stream had its manifest only. Called in $junk/in.
adopt() {
  staged=$D/staging/$id.rsync
  [ -d "$staged" ] && [ ! -L "$staged" ] || refuse "nothing was staged for it"
  [ ! -s keep ] || refuse 'it keeps files beside what was staged'
  rmdir tree 2>/dev/null && mv "$staged" tree || refuse "it brings files of its own beside what was staged"
  [ ! -e tree/REVISION ] && [ ! -L tree/REVISION ] || refuse 'a file REVISION at the top is ours to write'
  if [ "$how" = link ] && [ -f "$staged.from" ]; then
    IFS= read -r from <"$staged.from"
    need_release "$from"
    origin="release $from"
    find_linked
  fi
  rm -f -- "$staged.from"
}

# keep: the files that are links to those of the same path in the release that rsync.sh linked to, and to nothing else.
# Their times are that release's.
find_linked() {
  (cd tree && inodes) >../linked && [ -s ../linked ] || return 0
  (cd "$B/releases/$from" && inodes) >../old 2>/dev/null
  awk 'part == 1 { old[$0]; next } $0 in old { sub(/^[0-9]+ \.\//, ""); print }' part=1 ../old part=2 ../linked >keep ||
    fail_write "No space left, or $id's links cannot be listed"
}

inodes() {
  find . -type f -links +1 -printf '%i %p\n' 2>/dev/null || find . -type f -links +1 -exec stat -c '%i %n' {} +
}

# What another way of bringing a release left, and nobody will go on with.
sweep_staged() {
  for path in "$D/staging"/*.rsync* "$D/staging"/*.git; do
    [ "$source:$path" != "git:$D/staging/$id.git" ] || continue
    if [ -e "$path" ] || [ -L "$path" ]; then rm -rf -- "$path"; fi
  done
}
