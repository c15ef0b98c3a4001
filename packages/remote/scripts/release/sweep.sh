# What killed runs left in staging/ and trash/.

# PATH: what a process left that is no more; entries end in .PID
is_dead() {
  pid=${1##*.}
  [ -d "$1" ] && digits "$pid" && ! kill -0 "$pid" 2>/dev/null
}

# DIR: removes what dead processes left, ours is kept
sweep() {
  for path in "$1"/*.*; do
    ! is_dead "$path" || wipe "$path"
  done
}

# PATH: also where folders of ours may not be written
wipe() {
  rm -rf -- "$1" 2>/dev/null && return 0
  find "$1" -type d ! -perm -0700 -exec chmod u+rwx {} + 2>/dev/null
  failure=$(rm -rf -- "$1" 2>&1)
}
