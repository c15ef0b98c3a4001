# alone
#
# curlGet URL ADDRESS SECONDS BYTES: asked at ADDRESS, whatever the name in the URL resolves to; the answer as curl prints it, head and body; `curl=CODE` is on stderr, 127 for no curl.
# head bounds what a hostile answer can send; curl's own code then comes beside it.
main() {
  command -v curl >/dev/null 2>&1 || { echo "curl=127" >&2; exit 0; }
  {
    curl -q -sS -i -g --http1.1 --noproxy '*' --connect-to "::$2:" --max-time "$3" --url "$1"
    echo "curl=$?" >&2
  } | head -c "$4"
  exit 0
}
main "$@" </dev/null
