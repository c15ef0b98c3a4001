# shellcheck disable=SC2016  # a script in quotes
#
# with streamed.sh dump.sh restore.sh ownersFiles.sh restoreFiles.sh
# needs work count_others() find_acls() has_acl() say_hex() warn() why_fixed()
#
# Folders, as a tar of ./PATH… ARGS: BASE PATH… below it. Owners are kept by number, and ACLs; other extended attributes are not.
source_open() {
  base=$1
  shift
  for tool in du find tar; do need "$tool"; done
  [ "$#" -gt 0 ] || fail 64 argument-refused 'no folder is named'
  for path in "$@"; do
    case /$path/ in *//* | */../* | */./*) fail 64 argument-refused "not a path below $base: $path" ;; esac
    printf './%s\n' "$path" >>"$work/paths" || fail_write "No space left, or $work/paths cannot be written"
  done
}

need_folders() {
  [ -d "$base" ] || fail 66 backup-source "there is no folder $base"
  real=$(cd -P "$base" && pwd -P) || fail 66 backup-source "$base cannot be entered"
  while IFS= read -r path; do
    path=${path#./}
    [ -d "$base/$path" ] || fail 66 backup-source "there is no folder $path in $base"
    there=$(cd -P "$base/$path" 2>/dev/null && pwd -P) || fail 66 backup-source "$base/$path cannot be entered"
    [ "$there" = "${real%/}/$path" ] || fail 65 backup-source "$base/$path is a link or lies behind one: name $there itself"
  done <"$work/paths"
}

# FOLDER COMMAND…: there, with the paths behind it
with_paths() (
  trap - EXIT HUP INT PIPE TERM
  cd "$1" || exit 1
  shift
  while IFS= read -r path; do set -- "$@" "$path"; done <"$work/paths"
  "$@"
)

find_special() { find "$@" '(' -type b -o -type c -o -type f -perm -4000 -o -type f -perm -2000 ')' -print | head -n 1; }
find_links() { find "$@" -type l -exec sh -c "$name_links_out" sh "$base" '{}' + | head -n 1; }

# Where a target begins with `..`, as many folders must lie above the link; behind them, `..` could pass another link.
name_links_out='
base=$1
shift
for link do
  target=$(readlink "$link")
  rest=$target above=0 folder=${link#./}
  case $target in
    "$base"/*) rest=${target#"$base"} ;;
    /*) rest=.. folder= ;;
  esac
  while :; do
    case $rest in
      /* | ./*) rest=${rest#*/} ;;
      .. | ../*) rest=${rest#..} above=$((above + 1)) ;;
      *) break ;;
    esac
  done
  while [ "$folder" != "${folder#*/}" ]; do
    folder=${folder#*/} above=$((above - 1))
  done
  case /$rest/ in */../*) above=1 ;; esac
  [ "$above" -le 0 ] || printf "%s, a link to %s\n" "$link" "$target"
done'

# What a restore would refuse is refused before it is backed up.
source_prepare() {
  need_folders
  odd=$(with_paths "$base" find_special 2>/dev/null)
  [ -n "$odd" ] || odd=$(with_paths "$base" find_links 2>/dev/null)
  [ -z "$odd" ] || fail 65 backup-source "no restore would create $odd, in $base"
}

source_inspect() {
  source_prepare
  version=$(tar --version 2>&1 | head -n 1)
  read -r path <"$work/paths"
  count=$(with_paths "$base" find_files | wc -l)
  used=$(with_paths "$base" du -sk 2>/dev/null | awk '{ n += $1 } END { print n + 0 }')
  say_hex name "$base/${path#./}"
  say_hex server "$version"
  say_hex tool "$version"
  say 'identity '
  say "estimate $((used * 1024 + count * 1536 + 10240))"
  say "tables $((count))"
  look_at_way_back
}

# What a restore will meet, told while there is time.
look_at_way_back() {
  why=$(why_not_swapped)
  [ -z "$why" ] || warn "no restore can take its place as things are: $why"
  [ "$(id -u)" != 0 ] || return 0
  others=$(($(with_paths "$base" count_others 2>/dev/null)))
  [ "$others" = 0 ] || warn "$others files and folders are not $(id -un)'s: a restore by $(id -un) cannot give them back to whom they belong"
}

# Each folder is renamed away, into one beside the first, and another in. Renaming to another parent writes in the folder itself.
why_not_swapped() {
  read -r first <"$work/paths"
  aside=$base/${first#./}
  aside=${aside%/*}
  [ -w "$aside" ] || { echo "$(id -un) may not write in $aside"; return; }
  device=$(stat -c %d -- "$aside")
  while IFS= read -r path; do
    path=$base/${path#./}
    [ -d "$path" ] || continue
    why=$(why_fixed "$path")
    if [ -n "$why" ]; then echo "$why"
    elif [ "$(stat -c %d -- "$path")" != "$device" ]; then echo "$path and $aside are not on the same filesystem"
    elif [ ! -w "$path" ]; then echo "$(id -un) may not write in $path, so it cannot be moved"
    else continue
    fi
    return
  done <"$work/paths"
}

source_swappable() {
  why=$(why_not_swapped)
  [ -z "$why" ] || fail 65 restore-refused "the folders cannot be replaced: $why"
}

find_files() { find "$@" -type f -exec sh -c 'for path do echo; done' sh '{}' +; }

# GNU tar ends 1 where a file changed or went while it was read, as uploads of a live site do: the archive is whole in
# itself, so that is told and not refused. Everything else is.
source_dump() {
  options=''
  if tar --version 2>/dev/null | grep -q 'GNU tar'; then options='--format=gnu --numeric-owner'; fi
  if with_paths "$base" has_acl 2>/dev/null; then
    find_acls
    # Only this form has a place for them, and BusyBox finds no long names in it.
    if [ -n "$acls" ]; then options="--format=posix --numeric-owner $acls"; else warn 'there are ACLs, which this tar does not keep'; fi
  fi
  if tar --help 2>&1 | grep -q -e --sort=; then options="$options --sort=name"; fi
  # shellcheck disable=SC2086  # words
  with_paths "$base" tar $options -cf -
  code=$?
  if [ "$code" != 0 ] && only_changes; then
    warn "while tar read the files: $(head -n 5 "$work/changes" | tr '\n' ';')"
    code=0
  fi
  return "$code"
}

only_changes() {
  [ "$code" = 1 ] || return 1
  changes='(file changed as we read it|File removed before we read it|socket ignored|: No such file or directory)$'
  grep -E "$changes" "$work/dump.err" >"$work/changes" || return 1
  ! grep -E -v "$changes" "$work/dump.err" | grep -q -v 'error exit delayed from previous errors'
}

# An archive that stops between two files is whole to tar: the two empty blocks at its end are looked for, too.
source_verify() (
  trap - EXIT HUP INT PIPE TERM
  mkfifo "$work/end" || exit 1
  tail -c 1024 <"$work/end" | tr -c '\000' x | tr -d x | wc -c >"$work/nulls" &
  tee "$work/end" | { tar -tf -; code=$?; cat >/dev/null; exit "$code"; } || exit 1
  wait
  read -r nulls rest <"$work/nulls"
  [ "$nulls" = 1024 ] && return 0
  echo 'the archive has no end' >&2
  return 1
)
main "$@"
