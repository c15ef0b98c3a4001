# alone
#
# planKey BASE DIGEST...: what a key may do whose line in authorized_keys is `restrict,command="..."`: run the scripts of
# these SHA-256 on BASE, as deploy asks for them, and nothing else (77). Stays on the host as a file, and reads stdin.
refuse() {
  printf '\n%s\nerror key-restricted %s\n%s 77\n' '--deploy-begin--' \
    "$(printf '%s' "$1" | od -An -v -tx1 | tr -d ' \n')" '--deploy-end--'
  exit 77
}

digest() {
  if command -v sha256sum >/dev/null 2>&1; then
    sha256sum
  elif command -v shasum >/dev/null 2>&1; then
    shasum -a 256
  else
    openssl dgst -r -sha256
  fi | cut -c 1-64
}

# BASE and the rest of what the probe is asked: a number, a program's name, and paths that stay below shared/
check_words() {
  [ "$#" -ge 3 ] && [ "$1" = "$base" ] || refuse "this key looks at $base and at nothing else"
  shift
  case $1 in '' | *[!0-9]*) refuse 'not a number of lines' ;; esac
  case $2 in - | git | rsync) ;; *) refuse 'not a program that a plan asks for' ;; esac
  shift 2
  for word in "$@"; do
    case /$word/ in */../* | '/=:'*) refuse 'this key looks at no such path' ;; esac
  done
}

main() {
  LC_ALL=C
  export LC_ALL
  base=$1
  shift
  known=" $* " begins="sh -c 'eval \"\$(cat)\"; exit 70' sh "
  asked=${SSH_ORIGINAL_COMMAND-}
  case $asked in "$begins"*) ;; *) refuse 'this key may only look at what a plan reads' ;; esac
  asked=${asked#"$begins"}
  [ "$(printf '%s' "$asked" | wc -l)" -eq 0 ] && printf '%s\n' "$asked" | grep -Eqx "('[^']*' )*'[^']*'" ||
    refuse 'not words in quotes'
  # Single quotes from end to end: nothing in them is more than a word.
  eval "set -- $asked"
  check_words "$@"
  script=$(head -c 100000)
  sum=$(printf '%s\n' "$script" | digest)
  [ "${#sum}" = 64 ] || refuse 'sha256sum, shasum or openssl is needed'
  case $known in
    *" $sum "*) ;;
    *) refuse 'the script is not one of the version of deploy that this key is for' ;;
  esac
  exec sh -c "$script" sh "$@"
}
main "$@"
