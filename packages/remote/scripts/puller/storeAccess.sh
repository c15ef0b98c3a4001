# needs host imds junk serial store
#
# The store: a folder (file://), or what answers GET and PUT (S3 with an address that may be read, or this machine's role).
set_access() {
  fetcher=''
  case $store in
    file:///*) fetcher='file' ;;
    https://?* | http://?*)
      case $store in *[!!-~]* | *[\"\\]*) fail 70 state-version 'the store is no address' ;; esac
      if command -v curl >/dev/null 2>&1; then fetcher=curl
      elif [ -z "$region" ] && command -v wget >/dev/null 2>&1; then fetcher=wget
      else fail 78 tool-missing 'curl is not installed on this host'
      fi
      ;;
    *) fail 70 state-version 'the store is neither https:// nor file://' ;;
  esac
}

fetch_pointer() {
  [ ! -f "$junk/pointer" ] || cp "$junk/pointer" "$junk/pointer.1"
  get pointer "$junk/pointer" 65536
}

# NAME FILE BYTES: what is longer is a failure
get() {
  : >"$junk/said"
  case $fetcher in
    file) head -c "$(($3 + 1))" "${store#file://}/$1" >"$2" 2>"$junk/said" ;;
    curl) get_curl "$@" ;;
    # HOME: no .netrc; -T: seconds of silence
    wget) HOME=$junk wget -q -T 20 -O - "$store/$1" 2>"$junk/said" | head -c "$(($3 + 1))" >"$2" ;;
  esac || return 1
  [ -s "$2" ] && [ "$(wc -c <"$2")" -le "$3" ] && return 0
  [ -s "$junk/said" ] || say "$1 could not be read, or is longer than $3 bytes" >"$junk/said"
  return 1
}

# -q: no .curlrc of the host's. A redirect is refused. The role's keys go in on stdin, where no user of the host sees them.
get_curl() {
  options "$1" | curl -q --config - --max-filesize "$3" --output "$2" 2>"$junk/said" || return 1
}

options() {
  say "url = \"$store/$1\""
  printf '%s\n' globoff fail silent show-error 'proto = "=http,https"' 'max-redirs = 0' 'connect-timeout = 20' 'speed-limit = 1' 'speed-time = 60'
  [ -z "$region" ] || role
}

# The role of an EC2 instance, by IMDSv2. S3 wants a hash of the content, and takes that there is none.
role() {
  pass=$(imds 'request = "PUT"' 'header = "x-aws-ec2-metadata-token-ttl-seconds: 300"' 'latest/api/token')
  name=$(imds '' "header = \"x-aws-ec2-metadata-token: $pass\"" latest/meta-data/iam/security-credentials/)
  keys=$(imds '' "header = \"x-aws-ec2-metadata-token: $pass\"" "latest/meta-data/iam/security-credentials/$name")
  say "user = \"$(of AccessKeyId):$(of SecretAccessKey)\""
  say "aws-sigv4 = \"aws:amz:$region:s3\""
  say "header = \"x-amz-security-token: $(of Token)\""
  say 'header = "x-amz-content-sha256: UNSIGNED-PAYLOAD"'
}

# OPTION OPTION PATH
imds() { printf '%s\n' "$1" "$2" "url = \"$imds/$3\"" silent fail 'max-time = 5' | curl -q --config -; }

of() { say "$keys" | tr ',' '\n' | sed -n "s/.*\"$1\" *: *\"\\([!-~]*\\)\".*/\\1/p"; }

# PHASE: what this machine came to, in the key's name, so that one list reads the fleet. Once each; that it could not be told stops nothing.
tell() {
  told=''
  [ ! -f "$P/told" ] || IFS= read -r told <"$P/told"
  [ "${told%% *}" = "$serial" ] || told=$serial
  case " $told " in *" $1 "*) return 0 ;; esac
  tail -n 20 "$D/journal.jsonl" 2>/dev/null >"$junk/status" || :
  key=status/$serial/$1/$host
  case $fetcher in
    file) (umask 022; mkdir -p "${store#file://}/${key%/*}" && cp "$junk/status" "${store#file://}/$key") ;;
    curl) options "$key" | curl -q --config - --upload-file "$junk/status" --output /dev/null ;;
    wget) wget -q -T 20 -O /dev/null --method=PUT "--body-file=$junk/status" "$store/$key" ;;
  esac 2>/dev/null || return 0
  put "$P/told" "$told $1" || :
}
