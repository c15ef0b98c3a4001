# needs perms saved_umask
#
# examine BASE PORT(-|N) [CHECK...]: what stands in the way of a deploy, or of what it ships. Reads only; a CHECK is a
# command that promises the same, told by its exit code and what it says on stderr.
act() {
  use_base "$1"
  port=$2
  shift 2
  say "umask $saved_umask"
  ways
  secrets
  [ "$port" = - ] || listeners
  system
  n=0
  for check in "$@"; do
    said=$(DEPLOY_TO="$B" DEPLOY_CURRENT_PATH="$B/current" DEPLOY_SHARED_PATH="$B/shared" sh -c "$check" 2>&1 >/dev/null </dev/null)
    code=$?
    say "check $n $code $(printf '%s' "$said" | tail -c 1000 | hex)"
    n=$((n + 1))
  done
}

# Folders of the way to what is live that a web server, who is neither owner nor group, cannot enter.
ways() {
  way=$(cd -P -- "$B/current" 2>/dev/null && pwd -P) || way=$B
  while [ -n "$way" ] && [ "$way" != / ]; do
    if [ -d "$way" ]; then
      owner_of "$way"
      case $perms in ?????????[xt]*) ;; *) say "closed $(printf '%s' "$way" | hex)" ;; esac
    fi
    way=${way%/*}
  done
}

# Of an env file its mode, and the names that switch debugging on or another stage: never a value.
secrets() {
  file=$B/shared/.env
  [ -f "$file" ] || return 0
  owner_of "$file"
  case $perms in ???????r*) say 'readable 1' ;; esac
  [ -r "$file" ] || return 0
  sed -n -e 's/^\(export \)\{0,1\}\([A-Z_]*DEBUG\) *= *["'\'']\{0,1\}\([Tt]rue\|1\|[Oo]n\|[Yy]es\).*/debug \2/p' \
    -e 's/^\(export \)\{0,1\}\(APP_ENV\|NODE_ENV\|RACK_ENV\|RAILS_ENV\) *= *["'\'']\{0,1\}\(dev\|test\|local\).*/stage \2/p' \
    -- "$file" | head -n 20
}

# Addresses that something listens on at our port, as the kernel writes them.
listeners() {
  want=$(printf '%04X' "$port")
  cat /proc/net/tcp /proc/net/tcp6 2>/dev/null |
    awk -v port="$want" '$4 == "0A" { n = split($2, at, ":"); if (at[n] == port) print "listens " at[1] }' | sort -u | head -n 20
}

system() {
  release=$(sed -n 's/^PRETTY_NAME="\{0,1\}\([^"]*\)"\{0,1\}$/\1/p' /etc/os-release 2>/dev/null | head -n 1)
  say "system $(hex_of "$release")"
}
main "$@" </dev/null
