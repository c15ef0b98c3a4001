# needs from how id junk verify refuse() see() with_all()
# sets origin
#
# The unchanged files of a new release, from the one before, or those that git wrote. Called in $junk/in.
#
# Unchanged files come from the release before. A path may not leave the tree, nor be or pass what was sent.
# chosen: the kept files, or in their stead the topmost folders in which everything is kept and nothing else lies.
copy() {
  if [ "$source" = git ]; then
    base=$D/staging/$id.git/tree origin='what git brought' trusted='' # no marks are of these files
  else
    [ "$from" != - ] || refuse 'it keeps files but names no release to keep them from'
    base=$B/releases/$from origin="release $from" trusted=$verify:$how
  fi
  [ -d "$base" ] && [ ! -L "$base" ] || fail 66 base-changed "$origin, which this upload builds on, is gone"
  (cd tree && kinds .) >../sent || fail_write "No space left, or the files of $id cannot be listed"
  folders=1
  list_base >../old 2>/dev/null || folders=0
  : >../chosen
  bad=$(awk '
    function mix(path) { while (sub(/\/[^\/]*$/, "", path) && !(path in mixed)) mixed[path] }
    part == 1 { if (substr($0, 1, 2) == "d ") folder[substr($0, 3)]; else sent[substr($0, 3)]; next }
    part == 2 {
      keep["./" $0]
      way = "."
      parts = split($0, part_of, "/")
      for (i = 1; i <= parts; i++) {
        way = way "/" part_of[i]
        if (part_of[i] ~ /^\.?\.?$/ || way in sent) { print; exit }
      }
      next
    }
    part == 3 {
      if (substr($0, 2, 3) != " ./") { weird = 1; next } # a name of two lines
      path = substr($0, 3)
      if (substr($0, 1, 1) == "d") {
        if (path in folder) next
        mixed[path]
      } else if (path in keep) next
      mix(path)
      next
    }
    {
      path = "./" $0
      for (up = path; folders && !weird && sub(/\/[^\/]*$/, "", up) && up != "." && !(up in mixed);) path = up
      if (!(path in chosen)) { chosen[path]; print substr(path, 3) >"../chosen" }
    }' part=1 ../sent part=2 keep part=3 ../old part=4 folders="$folders" keep) || fail_write "No space left, or $junk cannot be written"
  [ -z "$bad" ] || refuse "it keeps a path that is not allowed: $bad"
  [ "$trusted" != changed:link ] || see "$from" "$junk/in/keep"
  umask 0
  failure=$(copy_chosen 2>&1)
  copied=$?
  umask 022
  [ "$trusted" != changed:copy ] || see "$from" "$junk/in/keep"
  [ "$copied" != 0 ] || return 0
  case $failure in
    *'o space left'* | *'quota exceeded'*) fail 73 disk-full "no space for release $id in $D/staging: $failure" ;;
    *) fail 66 base-changed "$origin no longer holds what this upload builds on: $failure" ;;
  esac
}

# PATH…: `d PATH` for a folder, `X PATH` for anything else, links not followed
kinds() {
  find "$@" -printf '%y %p\n' 2>/dev/null || {
    find "$@" -type d -exec printf 'd %s\n' {} + && find "$@" ! -type d -exec printf 'f %s\n' {} +
  }
}

# What lies in the folders of base that the new tree has at its top; what others have there is none of our business.
list_base() {
  set --
  cd tree || return 1
  for path in * .[!.]* ..?*; do
    if [ -d "$path" ] && [ ! -L "$path" ] && [ -d "$base/$path" ] && [ ! -L "$base/$path" ]; then set -- "$@" "./$path"; fi
  done
  cd .. || return 1
  [ "$#" -eq 0 ] || (cd "$base" && kinds "$@")
}

# Without -p: modes come whole under this umask; owner and times are ours, as in a full upload.
copy_chosen() {
  option=-P
  [ "$how" != link ] && [ "$source" != git ] || option=-Pl
  if (cd "$base" && with_all "$junk/chosen" cp "$option" -R --reflink=auto --parents -t "$junk/in/tree" --) 2>../cp.err; then return 0; fi
  case $(cat ../cp.err) in
    *nrecognized* | *nvalid\ option* | *llegal\ option*) copy_by_folder keep "$base" tree "$option" ;;
    *)
      tail -c 700 ../cp.err
      return 1
      ;;
  esac
}

# LIST FROM TO OPTION, without cp --parents: one cp per folder, at most 200 files at a time.
copy_by_folder() {
  list=$1 source=$2 target=$3 option=$4 folder='' outcome=0
  set --
  while IFS= read -r path; do
    dir=${path%/*}
    [ "$dir" != "$path" ] || dir=.
    if [ "$dir" != "$folder" ] || [ "$#" -ge 200 ]; then
      [ "$#" -eq 0 ] || cp "$option" "$@" "$target/$folder/" || outcome=1
      set --
      folder=$dir
    fi
    set -- "$@" "$source/$path"
  done <"$list"
  [ "$#" -eq 0 ] || cp "$option" "$@" "$target/$folder/" || outcome=1
  return "$outcome"
}
