# sets junk mutex saved_locale saved_umask
#
# Shared by every script. A script defines `act` and ends in `main "$@" </dev/null` (a payload
# script keeps stdin). Nothing runs before that last line: a cut script does nothing.
#
# Answer, on stdout:  --deploy-begin-- / lines / [error WORD HEX] / --deploy-end-- CODE
# No here-documents and no strings over several lines but awk's: indentation and comments are stripped.
#
# Codes: 64 argument · 65 precondition · 66 missing · 70 damaged state · 71 unsafe path
#        73 cannot write · 74 bad stream · 75 held or busy · 76 fenced · 78 tool missing
set -u
unset CDPATH
saved_locale=${LC_ALL-} saved_umask=$(umask)
LC_ALL=C
export LC_ALL
umask 077
junk='' mutex=''

# An argument that a login shell could read its own way arrives as `=:` and octal `=NNN`.
decode() {
  decoded=$1
  case $1 in '=:'*) ;; *) return 0 ;; esac
  decoded=$(printf '%s' "${1#=:}" | sed 's/=/\\0/g')
  decoded=$(printf '%b.' "$decoded")
  decoded=${decoded%.}
}

main() {
  left=$#
  while [ "$left" -gt 0 ]; do
    decode "$1"
    shift
    set -- "$@" "$decoded"
    left=$((left - 1))
  done
  trap leave EXIT
  trap 'exit 129' HUP
  trap 'exit 130' INT
  trap 'exit 141' PIPE
  trap 'exit 143' TERM
  begin
  act "$@"
  end 0
}

leave() {
  unlock
  [ -z "$junk" ] || rm -rf -- "$junk"
}

begin() { printf '\n%s\n' '--deploy-begin--'; }
say() { printf '%s\n' "$*"; }
hex() { od -An -v -tx1 | tr -d ' \n'; }
hex_of() { [ -z "$1" ] || printf '%s' "$1" | hex; }
end() {
  printf '%s %s\n' '--deploy-end--' "$1"
  exit "$1"
}

# CODE WORD TEXT: the text may hold anything the host printed.
fail() {
  printf 'error %s %s\n' "$2" "$(printf '%s' "$3" | tail -c 1500 | hex)"
  end "$1"
}

# CODE-less: a write failed; disk-full is told apart by what the tool printed.
fail_write() {
  case $1 in
    *'o space left'* | *'quota exceeded'*) fail 73 disk-full "$1" ;;
    *) fail 73 write-failed "$1" ;;
  esac
}

# FILE LINE: whole or not at all
put() { printf '%s\n' "$2" >"$1.new" && mv -f "$1.new" "$1"; }

must_put() { put "$1" "$2" || fail_write "No space left, or $1 cannot be written"; }

need() { command -v "$1" >/dev/null 2>&1 || fail 78 tool-missing "$1 is not installed on this host"; }

# A whole number that every shell counts with, and compares: one with more digits may be taken for smaller than it is,
# one that begins with 0 for octal
digits() {
  case $1 in '' | *[!0-9]* | 0?*) return 1 ;; esac
  [ "${#1}" -le 15 ]
}
