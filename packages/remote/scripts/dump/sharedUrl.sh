# with envFile.sh
# needs check_env() read_env()
#
# sharedUrl FILE NAME: what FILE, in the dialect of dotenv, sets NAME to. It is a secret, and leaves this host in the answer alone.
act() {
  [ "$#" = 2 ] || fail 64 argument-refused 'sharedUrl takes two arguments'
  check_env "$1"
  value=$(
    trap - EXIT HUP INT PIPE TERM
    unset "$2"
    eval "$(read_env "$1")"
    eval "printf '%s.' \"\${$2-}\""
  )
  [ "$value" != . ] || fail 66 database-url "$1 does not set $2"
  say "url $(printf '%s' "${value%.}" | hex)"
}
main "$@" </dev/null
