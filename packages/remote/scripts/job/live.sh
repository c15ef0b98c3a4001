# needs cur kind read_current()
# sets folder release

# -> folder, release: what is live
live_folder() {
  read_current
  [ "$kind" = release ] || fail 66 release-missing "$B/current leads to no release: nothing is live here"
  release=$cur folder=$B/releases/$cur
}
