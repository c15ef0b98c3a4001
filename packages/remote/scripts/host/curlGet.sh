# alone
#
# curlGet URL ADDRESS SECONDS BYTES [HEADER...]: asked at ADDRESS, whatever the name in the URL resolves to; the answer as curl prints it, head and body; `curl=CODE` is on stderr, 127 for no curl.
# head bounds what a hostile answer can send; curl's own code then comes beside it.
main() {
  command -v curl >/dev/null 2>&1 || { echo "curl=127" >&2; exit 0; }
  url=$1 address=$2 seconds=$3 bytes=$4
  shift 4
  left=$#
  while [ "$left" -gt 0 ]; do
    set -- "$@" -H "$1"
    shift
    left=$((left - 1))
  done
  {
    curl -q -sS -i -g --http1.1 --noproxy '*' --connect-to "::$address:" --max-time "$seconds" "$@" --url "$url"
    echo "curl=$?" >&2
  } | head -c "$bytes"
  exit 0
}
main "$@" </dev/null
