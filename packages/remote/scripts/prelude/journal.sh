# needs owner token
#
# .deploy/journal.jsonl: what changed, when, by which run.

stamp() { date -u +%Y-%m-%dT%H:%M:%SZ; }

text() { if [ "$1" = - ]; then printf null; else printf '"%s"' "$1"; fi; }

# FROM TO STEP RESULT [TIME], all names -> entry
journal_entry() {
  entry="{\"time\":\"${5:-$(stamp)}\",\"run\":\"$owner\",\"token\":$token,\"from\":$(text "$1"),\"to\":$(text "$2"),\"step\":\"$3\",\"result\":\"$4\"}"
}

# As journal_entry; never the reason a change fails
journal() {
  journal_entry "$@"
  write_entry
}

write_entry() { printf '%s\n' "$entry" >>"$D/journal.jsonl" || true; }
