# needs into junk leaf sum words work find_files() find_links() find_special() give_groups() need_folders() rename_to() say_left() stand_beside() tell_acls() unpack() with_paths() words_of()
#
# The way back for dumpFiles.sh. Names are absolute paths of folders that hold the paths, as the base does.
source_restore_begin() {
  [ ! -e "$into" ] && [ ! -L "$into" ] || fail 65 restore-exists "$into exists already"
  stand_beside "$into"
  mkdir tree || fail_write "$junk/tree cannot be made"
  chmod "$(stat -c %a -- "$base" 2>/dev/null || echo 755)" tree
}

# Into a folder where nothing was, so that no entry can be followed to somewhere else.
source_restore() (
  trap - EXIT HUP INT PIPE TERM
  cd tree || exit 1
  umask 022
  unpack
)

source_restore_end() {
  ! grep -q 'emoving leading' "$work/restore.err" || fail 74 restore-unsafe "the backup holds a path that leads out: $(head -n 1 "$work/restore.err")"
  cd tree || fail_write "$junk/tree is gone"
  odd=$(find_special .)
  [ -n "$odd" ] || odd=$(find_links .)
  [ -n "$odd" ] || odd=$(find_hard_links)
  [ -z "$odd" ] || fail 74 restore-unsafe "the backup holds $odd"
  give_groups
  tell_acls
  tables=$(($(find_files . | wc -l)))
  cd -P .. && [ "$(pwd -P)" = "$junk" ] || fail 71 path-unsafe "somebody else moved $junk"
  [ ! -e "../$leaf" ] && [ ! -L "../$leaf" ] || fail 65 restore-exists "$into exists already"
  rename_to tree "../$leaf" || move_failed
}

# BusyBox tar makes hard links to anywhere: all links of a file must be within. Without names, which could hold lines.
find_hard_links() {
  inode=$(find . -type f -links +1 -exec stat -c '%i %h' '{}' + | awk '{ n[$1]++; all[$1] = $2 } END { for (i in n) if (n[i] != all[i]) { print i; exit } }')
  [ -z "$inode" ] || printf '%s, a hard link to a file elsewhere' "$(find . -inum "$inode" | head -n 1)"
}

move_failed() {
  words_of mv
  fail 73 restore-failed "the folders were not renamed: $words"
}

# One rename out and one in for each folder; any failure, or signal, takes back what was done.
source_swap() {
  from=$1 keep=$2 kept=0
  [ -d "$from" ] || fail 66 backup-source "there is no folder $from"
  [ ! -e "$keep" ] && [ ! -L "$keep" ] || fail 65 restore-exists "$keep exists already"
  device=$(stat -c %d -- "$from")
  while IFS= read -r path; do
    path=${path#./}
    [ -d "$from/$path" ] || fail 66 restore-failed "there is no folder $path in $from"
    if [ -e "$base/$path" ]; then same_device "$base/$path"; fi
  done <"$work/paths"
  mkdir -p -- "$keep" 2>"$work/mv.err" || move_failed
  same_device "$keep"
  same_device "$base"
  undo=swap_back
  : >"$work/moved"
  while IFS= read -r path; do swap_one "${path#./}"; done <"$work/paths"
  undo=''
  find "$from" -depth -type d -exec rmdir '{}' ';' 2>/dev/null
  [ "$kept" = 1 ] || rmdir "$keep" 2>/dev/null
  say "swapped $kept"
}

same_device() {
  [ "$(stat -c %d -- "$1")" = "$device" ] || fail 65 restore-failed "$1 and $from are not on the same filesystem"
}

swap_one() {
  parent=''
  case $1 in */*) parent=${1%/*} ;; esac
  parents_like "$from" "$base" "$parent"
  if [ -e "$base/$1" ]; then
    parents_like "$base" "$keep" "$parent"
    move_below "$base/$1" "$keep" "$1" || move_failed
    kept=1
    printf 'old %s\n' "$1" >>"$work/moved"
  fi
  move_below "$from/$1" "$base" "$1" || move_failed
  printf 'new %s\n' "$1" >>"$work/moved"
}

# FROM ROOT PATH: renames FROM to PATH below ROOT, where no folder on the way is a link by now.
move_below() (
  trap - EXIT HUP INT PIPE TERM
  way=''
  case $3 in */*) way=/${3%/*} ;; esac
  cd -P -- "$2" && top=$(pwd -P) && cd -P -- "$2$way" && [ "$(pwd -P)" = "${top%/}$way" ] ||
    { echo "$2$way is behind a link" >"$work/mv.err"; exit 1; }
  rename_to "$1" "./${3##*/}"
)

# MODEL ROOT FOLDER: makes what is missing of the folder, as open as the model's, or the app's user could not enter.
parents_like() {
  made='' rest=$3/
  while [ -n "$rest" ]; do
    made=$made${rest%%/*} rest=${rest#*/}
    if [ ! -d "$2/$made" ]; then
      mkdir -- "$2/$made" 2>"$work/mv.err" && chmod "$(stat -c %a -- "$1/$made")" "$2/$made" || move_failed
      chown "$(stat -c %u:%g -- "$1/$made")" "$2/$made" 2>/dev/null
    fi
    made=$made/
  done
}

# The last first.
swap_back() {
  sed -n '1!G;h;$p' "$work/moved" | while read -r what path; do
    case $what in
      new) move_below "$base/$path" "$from" "$path" ;;
      old) move_below "$keep/$path" "$base" "$path" ;;
    esac
  done
  find "$keep" -depth -type d -exec rmdir '{}' ';' 2>/dev/null
}

source_count() {
  base=$1
  need_folders
  (cd "$base" && with_paths . find) | sort >"$work/names"
  sha_of "$work/names"
  say "schema $sum"
  while IFS= read -r path; do
    say "rows $(printf '%s' "${path#./}" | hex) $(($(cd "$base" && find_files "$path" | wc -l)))"
  done <"$work/paths"
}

source_left() {
  read -r path <"$work/paths"
  say_left "$base/${path#./}"
}

source_drop() {
  rm -rf -- "$1" 2>"$work/mv.err" || move_failed
}
