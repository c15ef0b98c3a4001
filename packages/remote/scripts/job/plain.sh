# needs saved_umask
# plain COMMAND: for a program of the runner's that configures hosts; stdin, output and exit code are the command's own. It takes
#   neither lock nor mutex, and needs no deploy-to.
begin() { :; }

act() {
  trap - EXIT HUP INT PIPE TERM
  umask "$saved_umask"
  if [ -n "$saved_locale" ]; then LC_ALL=$saved_locale; else unset LC_ALL; fi
  exec sh -c "$1"
}

main "$@"
