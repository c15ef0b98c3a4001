# needs id junk
#
# The stream from a store: stdin is one line, the address. Whoever has it may read the release, so it is a secret: it goes to curl or
# wget on stdin, never as an argument, and what they say of it is cut at the question mark. Called in $junk/in.
#
# BusyBox wget takes an address as an argument only, where every user of the host could read it; wget 2 was not tried.
need_fetcher() {
  fetcher=curl
  if command -v curl >/dev/null 2>&1; then return 0; fi
  fetcher=wget
  case $(wget --version 2>/dev/null) in 'GNU Wget 1.'*) return 0 ;; esac
  fail 78 fetch-unavailable 'neither curl nor GNU wget is installed on this host'
}

# The bytes go to stdout, what was said to ../fetch.err and the code to ../fetch.rc: sh has no pipefail.
fetch() {
  { { get; echo "$?" >../fetch.rc; } 2>&1 1>&3 | sed 's/[?][^[:space:]]*//g' >../fetch.err; } 3>&1
}

# Nothing is tried twice: the pipe has some of the bytes already. echo, since printf is a program in some shells.
get() {
  IFS= read -r url
  case $url in
    *[!!-~]* | *[\"\\]*) url='' ;;
    http://?* | https://?*) ;;
    *) url='' ;;
  esac
  [ -n "$url" ] || { echo 'what came is no address' >&2; return 64; }
  "with_$fetcher"
}

# -q: no .curlrc of the host's changes what is done. A redirect is refused: what is signed is for one place.
# --fail knows 4xx and 5xx only, so the status is read as well; the last one, for a proxy has one of its own.
with_curl() {
  set -- --proto '=http,https' --location --max-redirs 0 --connect-timeout 20 --speed-limit 1 --speed-time 60
  echo "url = \"$url\"" |
    curl -q --config - --globoff --fail --silent --show-error "$@" --dump-header ../fetch.head || return "$?"
  status=$(sed -n 's/^HTTP[^ ]* \([0-9]*\).*/\1/p' ../fetch.head | tail -n 1)
  case $status in 200) return 0 ;; esac
  echo "the server answered HTTP $status" >&2
  return 22
}

# HOME: no .netrc, and no .wget-hsts written.
with_wget() {
  set -- --max-redirect=0 --tries=1 --dns-timeout=20 --connect-timeout=20 --read-timeout=60
  echo "$url" | HOME=$junk wget --no-config --progress=dot:giga --output-document=- "$@" --input-file=-
}

# fetch's own end, before anybody looks at what tar made of half a stream. Who could not write (curl 23, wget 3) was
# left by whoever reads.
fetched() {
  code='' unzipped=''
  [ ! -f ../fetch.rc ] || read -r code <../fetch.rc
  [ ! -f ../gzip.rc ] || read -r unzipped <../gzip.rc
  case $fetcher:$code:$unzipped in
    *:0:* | *::) return 0 ;;
    curl:23:0 | wget:3:0) ;;
    curl:23:* | wget:3:*) return 0 ;;
  esac
  fail 74 fetch-failed "the upload of $id could not be fetched ($fetcher ended $code): $(tail -n 2 ../fetch.err | tail -c 700 | tr '\n' ' ')"
}
