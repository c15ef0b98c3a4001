# with compare.sh fill.sh
# needs cur kind lines path saved_umask compare() differences() fill() key_of() place_of()
# sets values
#
# configure BASE TOKEN OWNER test|put RELEASE HELPER|- stop|overwrite|keep VALUES FILE...: servers' own files of a release.
# FILE is five arguments: LEVEL FROM TO NAME-OF-ITS-TEST|- TEST. test tries them and changes nothing; put makes them those of what is live
# now: where that has none, what stood there before the first one.
act() {
  use_base "$1"
  verb=$4 release=$5 helper=$6 drift=$7 values=$8
  need_release "$release"
  enter "$2" "$3"
  unlock
  shift 8
  S=$D/configure work=$D/staging/configure.$$
  junk=$work
  failure=$(mkdir -p "$work/want" "$S/put" "$S/next" "$S/before" "$S/none" 2>&1) || fail_write "$failure"
  rm -rf "$S/root"
  given=$values
  find_folder
  values="$given
release ${folder##*/}
release-path $folder
current $B/current
shared $B/shared"
  rooted=0 kept=''
  each "$@"
  if [ "$rooted" = 1 ]; then as_root; fi
  [ "$verb" = test ] || record "$@"
}

# test looks at the new release; put at what is live, which may be nothing
find_folder() {
  folder=$B/releases/$release
  [ "$verb" = put ] || return 0
  read_current
  if [ "$kind" = release ]; then folder=$B/releases/$cur; else folder=$work/nothing; fi
}

each() {
  number=0
  while [ "$#" -ge 5 ]; do
    level=$1 from=$2 to=$3 tool=$4 test=$5
    key=$(key_of "$to")
    want=$work/want/$key
    place_of "$key"
    if [ -f "$folder/$from" ]; then
      filled "$want"
    elif [ "$verb" = test ]; then
      fail 66 config-refused "$from is not in release $release"
    fi
    "${verb}_it"
    number=$((number + 1))
    shift 5
  done
}

# FILE gets what the release has, with its values
filled() {
  [ "$(wc -c <"$folder/$from")" -le 65536 ] || fail 65 config-refused "$from is larger than 64 KiB"
  failure=$( { fill "$folder/$from" >"$1"; } 2>&1)
  case $? in
    0) ;;
    3) fail 65 config-placeholder "$from:$failure is no placeholder" ;;
    *) fail_write "$failure" ;;
  esac
}

# Whatever the place of `current` was before, the program tries the files of this release.
test_it() {
  if [ "$tool" != - ]; then
    mkdir -p "$work/try.$number/work" || fail_write 'no space left'
    file=$work/try.$number/${path##*/}
    whole=$values
    values="$whole
current $folder"
    filled "$file"
    values=$whole
    try_it || fail 65 config-refused "$tool does not take $from: $(tail -n 4 "$work/said" | sed "s#[^ :\"]*/try\.$number/work/##g; s#[^ :\"]*/try\.$number/##g" | tr '\n' ' ')"
  fi
  stop_at_drift
  compare "$want"
  say "file $number $standing $lines $(differences "$want" | hex)"
  stage
}

try_it() {
  (
    trap - EXIT HUP INT PIPE TERM
    umask "$saved_umask"
    if [ -n "$saved_locale" ]; then LC_ALL=$saved_locale; else unset LC_ALL; fi
    cd "$folder" || exit
    exec env PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin" file="$file" to="$path" work="$work/try.$number/work" sh -c "$test"
  ) >"$work/said" 2>&1
}

# keep: a way back leaves what somebody wrote meanwhile, and says so
keeps_drift() {
  [ "$drift" = keep ] || fail 65 config-drift "$path $how: $(differences "$ours" | tr '\n' '|')"
  kept="$kept $key "
  return 1
}

# What stands there was written by us (as recorded, or as a run wrote it that ended before), or is what is wanted: else somebody's.
stop_at_drift() {
  if [ "$level" = check ] || [ "$drift" = overwrite ]; then return 0; fi
  for ours in "$S/put/$key" "$S/next/$key" "$want"; do
    [ ! -f "$ours" ] || {
      compare "$ours"
      [ "$standing" != same ] || return 0
    }
  done
  compare /dev/null
  [ "$standing" = differs ] || return 0
  ours=$S/put/$key
  how='was changed by hand since the last deploy'
  [ -f "$ours" ] || ours=$want how='stood there before the first deploy, and is another'
  [ -f "$ours" ] || return 0
  keeps_drift
}

# What is about to be written: a run that ends in between is known by it
stage() {
  [ "$level" != check ] || return 0
  if [ "$level" = apply ]; then
    rooted=1
    mkdir -p "$S/root/put" "$S/root/gone" || fail_write 'no space left'
    if [ -f "$want" ]; then put_file "$want" "$S/root/put/$key"; else : >"$S/root/gone/$key"; fi
  fi
  if [ -f "$want" ]; then put_file "$want" "$S/next/$key"; else rm -f "$S/next/$key"; fi
}

put_file() { failure=$( { cp -- "$1" "$2.new" && mv -f -- "$2.new" "$2"; } 2>&1) || fail_write "$failure"; }

put_it() {
  if ! stop_at_drift; then
    say "file $number differs 0 "
    return 0
  fi
  compare "$want"
  stage
  case $level in
    user) if [ -f "$want" ]; then write_it; else restore_it; fi ;;
    check) [ -f "$want" ] || standing=gone ;;
  esac
  say "file $number $standing $lines $([ "$level" != check ] || differences "$want" | hex)"
}

# Everybody may read it, as what a package installs
write_it() {
  [ ! -L "$path" ] || fail 71 path-unsafe "$path is a link: name what it leads to"
  if [ ! -f "$S/before/$key" ] && [ ! -f "$S/none/$key" ]; then
    if [ -f "$path" ]; then put_file "$path" "$S/before/$key"; else : >"$S/none/$key"; fi
  fi
  [ "$standing" != same ] || return 0
  install_it "$want"
}

install_it() {
  failure=$( {
    umask 022 && mkdir -p -- "${path%/*}" && cat -- "$1" >"$path.deploy-new" && mv -f -- "$path.deploy-new" "$path"
  } 2>&1) || fail 73 write-failed "$path: $failure"
  daemon_reload
}

restore_it() {
  if [ -f "$S/before/$key" ]; then
    install_it "$S/before/$key"
  elif [ -f "$S/none/$key" ]; then
    rm -f -- "$path" || fail_write "$path cannot be removed"
    daemon_reload
  fi
  rm -f "$S/before/$key" "$S/none/$key"
}

# The login's own systemd reads its units again; without its bus it has none to read
daemon_reload() {
  case $path in "${HOME-}/.config/systemd/user/"*) ;; *) return 0 ;; esac
  bus=/run/user/$(id -u)
  [ -S "$bus/systemd/private" ] || return 0
  failure=$(XDG_RUNTIME_DIR=$bus systemctl --user daemon-reload 2>&1) || fail 73 write-failed "systemctl --user daemon-reload: $failure"
}

# The helper reads what is in root/ as this user, and takes no word of ours for anything else.
as_root() {
  verb_there=apply
  [ "$verb" = put ] || verb_there=check
  [ -x "$helper" ] || fail 78 config-helper "$helper is not on this host: deploy configure-helper prints it"
  failure=$(sudo -n "$helper" "$verb_there" 2>&1) && return 0
  case $failure in
    'sudo: '*) fail 77 config-helper "sudo says no to $helper $verb_there (${failure#sudo: }): deploy configure-helper prints the line of sudoers" ;;
    *) fail 65 config-refused "$failure" ;;
  esac
}

# What stands there now is ours
record() {
  while [ "$#" -ge 5 ]; do
    key=$(key_of "$3")
    case $kept in *" $key "*) shift 5 && continue ;; esac
    if [ -f "$work/want/$key" ]; then put_file "$work/want/$key" "$S/put/$key"; else rm -f "$S/put/$key"; fi
    rm -f "$S/next/$key"
    shift 5
  done
}
main "$@" </dev/null
