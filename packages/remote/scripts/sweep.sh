# shellcheck shell=sh
#
# DIR: removes what dead processes left; entries end in .PID, ours is kept
sweep() {
  for path in "$1"/*.*; do
    pid=${path##*.}
    if [ ! -d "$path" ] || ! digits "$pid" || kill -0 "$pid" 2>/dev/null; then continue; fi
    rm -rf -- "$path" 2>/dev/null
  done
}
