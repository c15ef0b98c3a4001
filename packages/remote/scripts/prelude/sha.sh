# sets sha sum
#
# SHA-256 of files, by what the host has.

# openssl first: it uses the processor's own SHA instructions, where coreutils takes twice as long (measured).
sha_tool() {
  sha='openssl dgst -sha256 -r'
  case $($sha </dev/null 2>/dev/null) in e3b0c442*) return 0 ;; esac
  if command -v sha256sum >/dev/null 2>&1; then sha=sha256sum
  elif command -v shasum >/dev/null 2>&1; then sha='shasum -a 256'
  else fail 78 tool-missing 'none of sha256sum, shasum, openssl is installed on this host'
  fi
}

sha_of() {
  # shellcheck disable=SC2086  # a command and its options
  sum=$($sha -- "$1" 2>/dev/null || $sha "$1")
  sum=${sum%% *}
}
