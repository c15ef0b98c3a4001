# needs app environment floor junk tell()
# sets directories expires files keep live_from live_line next_from next_line serial
#
# The judge, as judge.ts of packages/pull: in this order, and nothing is believed before its signature.
judge() {
  file=$junk/pointer serial=0
  sed '/^-- signature p256-sha256 --$/,$d' "$file" >"$junk/body"
  signature=$(tail -n 1 "$file")
  { cat "$junk/body"; printf '%s\n' '-- signature p256-sha256 --' "$signature"; } | cmp -s - "$file" || refuse unsigned
  printf '%s' "$signature" | openssl base64 -d -A >"$junk/signature" 2>/dev/null || refuse unsigned
  openssl dgst -sha256 -verify "$P/key.pem" -signature "$junk/signature" "$junk/body" >/dev/null 2>&1 || refuse unsigned
  last=$floor known=''
  if [ -f "$P/pointer" ] && read_pointer "$P/pointer" && [ "$serial" -ge "$floor" ]; then last=$serial known=1; fi
  read_pointer "$junk/body" || refuse format
  [ "$said_app $said_environment" = "$app $environment" ] || refuse elsewhere
  [ "$serial" -ge "$last" ] || refuse replayed
  [ -z "$known" ] || [ "$serial" != "$last" ] || cmp -s "$junk/body" "$P/pointer" || refuse reused
  now=$(date +%s)
  [ "$issued" -le $((now + 300)) ] || refuse clock-behind
  [ "$now" -lt "$expires" ] || refuse expired
}

# WHY: nothing was changed, and what is live is served on
refuse() {
  case $1 in reused | clock-behind | expired) tell "$1" ;; esac
  say "refused $1"
  end 0
}

# FILE, signed: fails for what another version wrote
read_pointer() {
  seen='' said_app='' said_environment='' serial='' issued='' expires='' live_line='' next_line='' at='' keep='' health=''
  live_from='' next_from='' directories='' files='' prepare='' after_switch=''
  newline=$(printf '\n.')
  newline=${newline%.}
  IFS= read -r line <"$1"
  [ "$line" = 'deploy-pointer 1' ] || return 1
  while IFS= read -r line; do
    take "${line%% *}" "${line#* }" || return 1
  done <"$1"
  for line in "$serial" "$issued" "$expires" "$keep" "${at:-0}"; do digits "$line" || return 1; done
  [ -n "$live_line" ]
}

# KEY WORDS
take() {
  case $1 in
    live-from) live_from=$live_from$2$newline ;;
    next-from) next_from=$next_from$2$newline ;;
    directory) directories=$directories$2$newline ;;
    file) files=$files$2$newline ;;
    prepare) prepare=$prepare$2$newline ;;
    after-switch) after_switch=$after_switch$2$newline ;;
    *)
      case " $seen " in *" $1 "*) return 1 ;; esac
      seen="$seen $1"
      take_once "$@"
      ;;
  esac
}

take_once() {
  case $1 in
    deploy-pointer) ;;
    app) said_app=$2 ;;
    environment) said_environment=$2 ;;
    serial) serial=$2 ;;
    issued) issued=$2 ;;
    expires) expires=$2 ;;
    live) live_line=$2 ;;
    next) next_line=$2 ;;
    activate-at) at=$2 ;;
    keep) keep=$2 ;;
    health) health=$2 ;;
    *) return 1 ;;
  esac
}
