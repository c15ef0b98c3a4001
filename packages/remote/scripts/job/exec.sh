# with process.sh envFile.sh command.sh live.sh tied.sh
# needs check_env() command_in() end_group() live_folder() run_tied()
# sets env_file leader limit
#
# exec BASE ENV-FILE|- tied ID COMMAND: a person's command in the live release's folder, as `run` runs those of the config. It takes
#   neither lock nor mutex. The end of stdin ends it and all that it started.
# exec BASE ENV-FILE|- fed ID COMMAND: stdin is the command's own; `end` ends it.
# exec BASE ENV-FILE|- reading ID COMMAND: as tied, in BASE, whether anything is live or not.
# exec BASE - end ID -: what was begun as ID.
# exec BASE - hold ID -: the same at the end of stdin, which comes with the end of the connection, too.
begin() { :; }
end() {
  if [ "$1" != 0 ]; then printf '%s %s\n' '--deploy-end--' "$1" >&2; fi
  exit "$1"
}
fail() {
  printf '\n%s\nerror %s %s\n' '--deploy-begin--' "$2" "$(printf '%s' "$3" | tail -c 1500 | hex)" >&2
  end "$1"
}

act() {
  exec 3<&0 </dev/null
  use_base "$1"
  env_file=$2 limit=- leader=-
  case $4 in '' | *[!0-9a-f]*) fail 64 argument-refused "not an id: $4" ;; esac
  case $3 in
    end | hold)
      [ "$3" = end ] || while read -r _ <&3; do :; done
      end_begun "$4"
      exit 0
      ;;
  esac
  if [ "$3" = reading ]; then release='' folder=$B; else live_folder; fi
  if [ "$env_file" != - ]; then check_env "$B/shared/$env_file"; fi
  case $3:$(command -v setsid) in
    fed:*) run_fed "$5" "$4" ;;
    tied:?* | reading:?*) run_tied "$5" ;;
    *)
      ( command_in "$folder" "$5" ) 3<&-
      code=$?
      ;;
  esac
  exit "$code"
}

run_fed() {
  junk=$D/staging/exec-$2.$$
  ! command -v setsid >/dev/null 2>&1 || leader=$junk/leader
  failure=$( { rm -rf -- "$junk" && mkdir -- "$junk"; } 2>&1) || fail_write "$failure"
  ( command_in "$folder" "$1" ) <&3 3<&-
  code=$?
  [ ! -e "$junk/ended" ] || code=143
}

end_begun() {
  for begun in "$D/staging/exec-$1".*; do
    [ -s "$begun/leader" ] || continue
    read -r pid <"$begun/leader"
    true >"$begun/ended"
    end_group "$pid"
  done
}

main "$@"
