# needs digest files how id junk origin time want divide() with_all()
# sets sha
#
# The proof that a new tree is what was packed. Called in $junk/in.
#
mended=''

# What lies there is listed again and must be the manifest, line by line. Nothing but the word `whole` is whole.
compare() {
  cd tree || exit 70
  take_stock 2>../../list.err || fail_write "the files of $id cannot be listed: $(cat_words ../../list.err)"
  cd ../.. || exit 70
  verdict=$(deploy_how=$how deploy_want=$want deploy_from=${divided:+$from} deploy_base=$digest awk '
    function differs(path) { if (first == "" || path "" < first) first = path "" }
    function mark(words, size, path) {
      split(words, time, " ")
      if (index(time[3], ".")) print time[1], ns(time[2]), ns(time[3]), size, path >"marks"
    }
    function ns(time) { return substr(time, 1, index(time, ".") + 9) }
    BEGIN { FS = "\t"; linked = ENVIRON["deploy_how"] == "link"; from = ENVIRON["deploy_from"]; print ENVIRON["deploy_how"] >"marks" }
    part == 1 { manifest[$0] = $5; lines++; if ($1 == "f" || $1 == "l") files++; next }
    part == 2 { keep[$0]; next }
    part == 3 { sha[substr($0, 69)] = substr($0, 1, 64); next }
    $6 == "../manifest" { next }
    $6 == "." { if (substr($2, length($2) - 2) != "755") odd = "the top folder"; next }
    {
      path = substr($6, 3)
      line = ""
      if ($1 == "f" && length($2) <= 3 && ($4 == 1 || linked && path in keep)) line = "f\t" $2 "\t" $3 "\t" sha[path] "\t" path
      else if ($1 == "d") line = "d\t" substr($2, length($2) > 3 ? length($2) - 2 : 1) "\t-\t-\t" path
      else if ($1 == "l") line = "l\t-\t-\t-\t" path "\t" substr($0, length($1 $2 $3 $4 $5 $6) + 7)
      else if (odd == "") odd = path
      if (line in manifest) { found++; delete manifest[line]; if ($1 == "f") mark($5, $3, path) } else differs(path)
    }
    END {
      if (sha["/manifest"] != ENVIRON["deploy_want"]) print "other " sha["/manifest"]
      else if (from != "" && sha["/../../../manifests/" from] != ENVIRON["deploy_base"]) print "base " from
      else if (odd != "") print "odd " odd
      else if (found == lines && first == "") print "whole " (files + 0)
      else { for (line in manifest) differs(manifest[line]); print (first in keep ? "kept " : "sent ") first }
    }' part=1 in/manifest part=2 in/keep part=3 sums part=4 lines) || fail_write "the files of $id cannot be compared"
  path=${verdict#* }
  case $verdict in
    'kept '* | 'sent '*)
      if [ -z "$mended" ] && mend_modes; then
        mended=1
        cd in || exit 70
        compare
        return
      fi
      ;;
  esac
  case $verdict in
    "whole $files") ;;
    'whole '*) refuse "the manifest has $path files, announced were $files" ;;
    'other '*) refuse "the manifest has SHA-256 $path, announced was $want" ;;
    'base '*) fail 66 base-changed "the manifest of release $from is not as it was recorded" ;;
    'odd '*) refuse "not a plain file, or with special permissions: $path" ;;
    'kept '*) fail 66 base-changed "$path in $origin is not as it was deployed" ;;
    *) fail 74 stream-damaged "release $id is not what was packed; first difference: $path" ;;
  esac
  cd in || exit 70
}

# Where deploy-to has a default ACL, new files get its modes, whatever tar and cp ask for. Fails where no mode is wrong.
mend_modes() {
  rm -f wrong.*
  awk '
    BEGIN { FS = "\t" }
    part == 1 { type[$5] = $1; mode[$5] = $2; next }
    {
      path = substr($6, 3)
      if ($1 != type[path] || $1 == "l" || $1 == "f" && $4 != 1) next
      if (substr($2, length($2) - 2) != mode[path]) print path >("wrong." mode[path])
    }' part=1 in/manifest part=2 lines || return 1
  for list in wrong.*; do
    [ -f "$list" ] && (cd in/tree && with_all "$junk/$list" chmod "${list#wrong.}") || return 1
  done
}

# sums: of every file and of ../manifest · lines: type, permissions, size, links, mark, path, target, with tabs between them. The
# mark is inode, mtime and ctime, where find can tell: as they were before the file was hashed, and after its time was set.
# The processor has instructions for SHA, which openssl uses (measured: half the time of coreutils).
take_stock() {
  retime
  case $sha in
    openssl)
      sha='openssl dgst -sha256 -r'
      if walk; then return 0; fi
      sha=sha256sum # an openssl that cannot
      ;;
    shasum) sha='shasum -a 256' ;;
  esac
  walk
}

# shellcheck disable=SC2086  # a command and its options
walk() {
  divided='' format='%y\t%m\t%s\t%n\t%i %T@ %C@\t%p\t%l\n'
  if [ -n "$seen" ] && find ../manifest . -printf "$format" >../../lines && divide && with_all "$junk/unproved" $sha >>../../sums; then
    divided=1
    return 0
  fi
  if find ../manifest . -fprintf ../../lines "$format" -type f -exec $sha {} + >../../sums; then return 0; fi
  tab=$(printf '\t')
  find ../manifest . -type f -exec $sha {} + >../../sums &&
    find . -type f -exec stat -c "f$tab%a$tab%s$tab%h$tab-$tab%n$tab" {} + >../../lines &&
    find . -type d -exec stat -c "d$tab%a$tab%s$tab%h$tab-$tab%n$tab" {} + >>../../lines &&
    find . ! -type f ! -type d ! -type l -exec stat -c "?$tab%a$tab%s$tab%h$tab-$tab%n$tab" {} + >>../../lines &&
    list_links >>../../lines
}

# All of it gets the release's time: what the stream has is the commit's. What is linked belongs to the live release too, and
# keeps its own. Not every touch can set the time of a link itself.
retime() {
  if TZ=UTC0 find . \( -type d -o -type l -o -type f -links 1 \) -exec touch -h -t "$time" {} + 2>/dev/null; then return 0; fi
  TZ=UTC0 find . \( -type d -o -type f -links 1 \) -exec touch -t "$time" {} +
}

list_links() {
  find . -type l | while IFS= read -r path; do
    printf 'l\t-\t-\t-\t-\t%s\t%s\n' "$path" "$(readlink "$path")" || return 1
  done
}

# FILE: the end of what a program said; where there was no room for it, that
cat_words() {
  if [ -s "$1" ]; then tail -c 700 "$1"; else printf 'No space left'; fi
}
