# For scripts whose stdout is bytes: their answer, with a begin line of its own, is on stderr.
framed=''
frame_up() {
  [ -n "$framed" ] || printf '\n%s\n' '--deploy-begin--'
  framed=1
}
fail() {
  frame_up
  printf 'error %s %s\n' "$2" "$(printf '%s' "$3" | tail -c 1500 | hex)"
  end "$1"
}
