# needs B D hex() say()
#
# What is on another file system than deploy-to: a rename must not leave its own.
devices() {
  stat -L -c '%d %n' -- "$B" "$B/releases" "$D" 2>/dev/null | {
    first=''
    while IFS=' ' read -r device path; do
      [ "${first:-$device}" = "$device" ] || say "apart $(printf '%s' "$path" | hex)"
      first=${first:-$device}
    done
  }
}
