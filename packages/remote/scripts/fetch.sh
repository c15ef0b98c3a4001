# shellcheck shell=sh
# shellcheck disable=SC2154  # id is set by prepare.sh
#
# The stream from a store: stdin is one line, the address. It is a secret, so it goes to curl or wget on stdin.
# Called in $junk/in.
fetch() {
  IFS= read -r url || return 64
  printf 'url = "%s"\n' "$url" | curl --config - --fail --silent --show-error --connect-timeout 10
}

# fetch's own end, before anybody looks at what tar made of half a stream
fetched() {
  code=''
  [ ! -f ../fetch.rc ] || read -r code <../fetch.rc
  [ "$code" != 0 ] || return 0
  fail 74 fetch-failed "the upload of $id could not be fetched (ended $code): $(tail -c 700 ../fetch.err)"
}
