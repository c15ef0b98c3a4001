# needs B D from how record state_of()
# sets digest
#
# What of the base was verified once and not written to since is not hashed again. A release's marks are a line for each
# file that was proved to be the manifest's: `INODE MTIME CTIME SIZE PATH`, to the nanosecond. Nobody sets a ctime: who
# writes into a file, or puts another in its place, gives it a new one. As git has it, a file that changed in the tick in
# which its marks were written is not believed. The first line is how the release was made, `copy` or `link`. What
# cannot tell (BusyBox has no nanoseconds) has no marks, and is hashed.
#
# Hard links share one inode, whose ctime each link changes: there it is looked at before the link is made, and what was
# found then holds if inode, mtime and size are the same after it.
seen='' digest='' reading='%i %.9Y %.9Z %s %n'

# RELEASE LIST: `../seen` is the marks file itself, then what the files of LIST are like now. Called in $junk/in.
see() {
  [ -f "$D/releases/$1.marks" ] || return 0
  (
    cd "$B/releases/$1" || exit
    { printf '%s\n' "../../.deploy/releases/$1.marks"; cat "$2"; } | tr '\n' '\000' | xargs -0 stat -c "$reading" --
  ) >../seen 2>/dev/null
  seen=1
}

# Divides what lies in the tree, by `lines`: sums of what is as the base's manifest has it, unproved: what is to be hashed,
# the base's manifest with it, which is to have `digest`. Called in $junk/in/tree.
divide() {
  state_of "$from"
  digest=${record#*\"manifest\":\"} digest=${digest%%\"*}
  : >../../sums && printf '%s\n' "../../../../manifests/$from" >../../unproved &&
    deploy_how=$how awk '
      BEGIN { linked = ENVIRON["deploy_how"] == "link" }
      part == 1 { known[$0]; next }
      part == 2 && /^[^ ]+ [^ ]+ [^ ]+ [^ ]+ \.\.\/\.\.\/\.deploy\/releases\// { written = $2 + 0; next }
      part == 2 {
        if (!($0 in known) || $3 + 0 >= written) next
        like = $1 " " $2 " " $4
        sub(/^[^ ]+ [^ ]+ [^ ]+ [^ ]+ /, "")
        untouched[$0] = like
        next
      }
      part == 3 { if ($1 == "f" && $5 in untouched) sha[$5] = $4; next }
      $1 == "f" {
        path = substr($6, 3)
        split($5, mark, " ")
        same = !linked || untouched[path] == mark[1] " " substr(mark[2], 1, index(mark[2], ".") + 9) " " $3
        if (path in sha && same) print sha[path] "  " $6 >"../../sums"
        else print $6 >>"../../unproved"
      }' part=1 "$D/releases/$from.marks" part=2 ../../seen FS='\t' part=3 "$D/manifests/$from" part=4 ../../lines
}
