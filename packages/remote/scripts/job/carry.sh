# needs B D cur env_file folder release saved_umask sha started command_in() is_release() read_current() sha_tool()
#
# What a command made is carried over from a release in which the same command made it of the same; then it is not run.
#
# .deploy/made/RELEASE/KEY tells of a command that succeeded there: `1 READS STATE PRINT SINCE SECONDS`. KEY is the command and
# READS what it reads, both as the one who asks knows them; STATE is what it read and what ran it, as they were here before it
# ran; PRINT is what it made. SINCE is the release in which it ran, which took SECONDS. What is carried over must have that
# PRINT in its new place: a copy cut short, or what somebody wrote into since, has another one.

# KEY READS copy|link COUNT COUNT READ… TOOL… MAKE…: succeeds where that is done
carry() {
  read_state "$@"
  key=$1 reads=$2 how=$3
  shift $(($4 + $5 + 5))
  [ -n "$made_of" ] || return 1
  read_current
  found=''
  for path in "$D/made"/*/"$key"; do
    name=${path%/*}
    name=${name##*/}
    if is_release "$name" && [ "$name" != "$release" ] && [ "$name" != "$cur" ]; then found="$name $found"; fi
  done
  for name in $cur $found; do
    take "$name" "$@"
    taken=$?
    [ -z "$junk" ] || rm -rf -- "$junk"
    junk=''
    [ "$taken" != 0 ] || return 0
  done
  return 1
}

# -> made_of: a digest; nothing where a tool did not tell its version
read_state() {
  made_of='' readings=$4 tools=$5
  shift 5
  sha_tool
  made_of=$(state_of_all "$@" 2>/dev/null) || made_of=''
  [ -z "$made_of" ] || made_of=$(printf '%s\n' "$made_of" | digest)
}

state_of_all() {
  uname -m
  cat /etc/os-release 2>/dev/null
  [ "$env_file" = - ] || digest <"$B/shared/$env_file"
  while [ "$readings" -gt 0 ]; do
    printf 'reads %s\n' "$1"
    # shellcheck disable=SC2086  # a command and its options
    (cd "$folder" && find -H "./$1" -type f -exec $sha {} + 2>/dev/null) | sort
    shift
    readings=$((readings - 1))
  done
  while [ "$tools" -gt 0 ]; do
    printf 'tool %s\n' "$1"
    (command_in "$folder" "$1") 3<&- 2>&1 || return 1
    shift
    tools=$((tools - 1))
  done
}

digest() { $sha | cut -c 1-64; }

# ROOT MAKE…: names, kinds, modes, sizes and times, links' targets. BusyBox's find has one `+` in a line and no more.
print_of() {
  (
    cd "$1" && stat -c %f . >/dev/null || exit 1
    shift
    for path in "$@"; do
      find "./$path" -type f -exec stat -c '%f %s %Y %n' {} +
      find "./$path" -type d -exec stat -c '%f %Y %n' {} +
      find "./$path" ! -type f ! -type d -exec stat -c '%f %N' {} +
    done | sort | digest
  ) 2>/dev/null
}

# ROOT PATH: nothing on the way is a link, nor is what it leads to
unlinked() {
  way=$1 rest=$2/
  while [ -n "$rest" ]; do
    way=$way/${rest%%/*} rest=${rest#*/}
    [ ! -L "$way" ] || return 1
  done
}

# RELEASE MAKE…: into a folder aside, and from there by rename
take() {
  from=$1 mark=$D/made/$1/$key old=$B/releases/$1
  shift
  if [ ! -f "$mark" ] || [ ! -d "$old" ] || [ -L "$old" ]; then return 1; fi
  read -r version was_reads was_of print since took <"$mark"
  [ "$version $was_reads $was_of" = "1 $reads $made_of" ] && is_release "$since" && digits "$took" || return 1
  # Looked at before as well: where the app writes into it, no release has it as it was, and each copy would be for nothing.
  [ "$(print_of "$old" "$@")" = "$print" ] || return 1
  junk=$folder/.deploy-carried
  rm -rf -- "$junk" && mkdir -- "$junk" 2>/dev/null || return 1
  for path in "$@"; do
    unlinked "$old" "$path" && [ -e "$old/$path" ] && unlinked "$folder" "$path" && [ ! -e "$folder/$path" ] || return 1
    copy_tree "$old" "$junk" "$path" || return 1
  done
  [ "$(print_of "$junk" "$@")" = "$print" ] || return 1
  for path in "$@"; do
    (umask "$saved_umask" && parents "$folder" "$path") && mv -- "$junk/$path" "$folder/$path" || return 1
  done 2>/dev/null
  keep_mark
  told reused "$from" "$since" "$took"
}

# ROOT PATH
parents() { case $2 in */*) mkdir -p -- "$1/${2%/*}" ;; esac; }

# FROM TO PATH
copy_tree() {
  option=-a
  [ "$how" != link ] || option=-al
  parents "$2" "$3" || return 1
  cp "$option" --reflink=auto -- "$1/$3" "$2/$3" || { rm -rf -- "${2:?}/$3" && cp "$option" -- "$1/$3" "$2/$3"; }
} 2>/dev/null

# As carry, after the command succeeded. What is not kept is made again the next time.
record() {
  key=$1 reads=$2
  shift $(($4 + $5 + 5))
  [ -n "$made_of" ] || return 0
  for path in "$@"; do
    unlinked "$folder" "$path" && [ -e "$folder/$path" ] || return 0
  done
  place=$(bound_in "$@")
  if [ -n "$place" ]; then
    told bound "$(hex_of "$place")"
    return 0
  fi
  print=$(print_of "$folder" "$@") since=$release took=$(($(date +%s) - started))
  [ -z "$print" ] || keep_mark
}

# MAKE…: a link, a program or a setting that names the folder it was made in, and would lead back to it
bound_in() {
  (
    cd "$folder" || exit
    for path in "$@"; do
      find "./$path" -type l -exec ls -ld {} + | grep -F -- "/releases/$release/" | sed 's/ -> .*//; s/.* \.\//.\//'
      find "./$path" -type f \( -path '*/bin/*' -o -path '*/.bin/*' -o -name pyvenv.cfg -o -name '*.pth' -o -name '*.egg-link' \) \
        -exec grep -lF -- "/releases/$release/" {} +
    done | head -n 1
  ) 2>/dev/null
}

keep_mark() {
  (umask 077 && mkdir -p "$D/made/$release" && put "$D/made/$release/$key" "1 $reads $made_of $print $since $took") 2>/dev/null || true
}

# A line for who asked, framed on stderr like a refusal
told() { printf '\n%s\n%s\n%s\n' '--deploy-begin--' "$*" '--deploy-end-- 0' >&2; }
