# needs commit mirror owned perms stage
# sets bytes fresh plain words
#
# The bare repository of ours in .deploy/git. What lies beside it, such as Capistrano's repo/, is read and never written.
fresh=0 bytes=0

# What every git is told: nothing of the user's or the repository's own, nothing that asks, no hook, no protocol but three.
plain='-c core.hooksPath=/dev/null -c core.fsmonitor=false -c core.autocrlf=false -c core.symlinks=true -c core.fileMode=true'
plain="$plain -c core.protectHFS=true -c core.protectNTFS=true"
plain="$plain -c core.askPass= -c credential.helper= -c protocol.allow=never -c protocol.ssh.allow=always -c protocol.http.allow=always"
plain="$plain -c protocol.https.allow=always -c gc.auto=0 -c gc.packRefs=false -c maintenance.auto=false -c fetch.unpackLimit=1"
plain="$plain -c transfer.unpackLimit=1 -c http.lowSpeedLimit=1 -c http.lowSpeedTime=60"

# shellcheck disable=SC2086  # options
run_git() { git $plain "$@"; }

# words: what it said; where there was no room for that, so much
what_git_said() {
  words=$(tail -c 900 ../said)
  [ -n "$words" ] || words='No space left, not even for what git said'
}

open_mirror() {
  [ ! -L "$mirror" ] || fail 71 path-unsafe "$mirror is a link"
  alone_with_git
  if [ -f "$mirror/HEAD" ] && [ -d "$mirror/objects" ] && [ -d "$mirror/refs" ]; then
    # Nobody else is at work here: what locks is left of somebody killed.
    find "$mirror" \( -name '*.lock' -o -name 'tmp_*' \) -type f -exec rm -f -- {} +
    borrow
  else
    make_mirror
  fi
}

# What the environment says to git is said by others than us, but for who signs certificates here.
alone_with_git() {
  for name in $(env | sed -n 's/^\(GIT_[A-Z0-9_]*\)=.*/\1/p'); do
    case $name in GIT_SSL_CAINFO | GIT_SSL_CAPATH) ;; *) unset "$name" ;; esac
  done
  unset SSH_ASKPASS XDG_CONFIG_HOME
  GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null GIT_ATTR_NOSYSTEM=1 GIT_TERMINAL_PROMPT=0 HOME=$stage
  GIT_DIR=$mirror GIT_INDEX_FILE=$stage/index
  export GIT_DIR GIT_CONFIG_NOSYSTEM GIT_CONFIG_GLOBAL GIT_ATTR_NOSYSTEM GIT_TERMINAL_PROMPT GIT_INDEX_FILE HOME
}

# Its attributes outrank those in the tree: files are written as they are.
make_mirror() {
  fresh=1
  rm -rf -- "$mirror"
  set -- init -q --bare --template=
  [ "${#commit}" = 40 ] || set -- "$@" --object-format=sha256
  failure=$(git "$@" 2>&1) || fail_write "git cannot begin $mirror: $failure"
  failure=$( { mkdir -p "$mirror/info" "$mirror/refs/deploy" "$mirror/objects/info" "$mirror/objects/pack" &&
    say '* -text !eol -crlf -ident !filter !working-tree-encoding' >"$mirror/info/attributes"; } 2>&1) || fail_write "$failure"
  borrow
}

# Objects that another tool's bare repository has are not fetched again: those of repo/, where it is ours and whole.
borrow() {
  rm -f -- "$mirror/objects/info/alternates"
  other=$B/repo
  [ -d "$other/objects" ] && [ -d "$other/refs" ] && [ -f "$other/HEAD" ] && [ ! -L "$other" ] || return 0
  owner_of "$other"
  [ "$owned" = "$(id -u)" ] || return 0
  case $perms in d????w* | d???????w*) return 0 ;; esac
  [ ! -e "$other/shallow" ] || return 0
  for path in "$other/objects/pack"/*.promisor; do [ ! -e "$path" ] || return 0; done
  say "$other/objects" >"$mirror/objects/info/alternates"
}

has_commit() {
  [ -f "$mirror/refs/deploy/$commit" ] && run_git cat-file -e "$commit^{tree}" 2>/dev/null
}

packed_bytes() {
  stat -c %s "$mirror/objects/pack"/*.pack 2>/dev/null | awk '{ bytes += $1 } END { printf "%.0f", bytes }'
}

# The commits of the last three fetches are what the next one begins from. What is in none of them goes when there are many packs.
tidy() {
  n=0
  # shellcheck disable=SC2045  # names of commits
  for path in $(ls -t "$mirror/refs/deploy"); do
    n=$((n + 1))
    [ "$n" -le 3 ] || rm -f -- "$mirror/refs/deploy/$path"
  done
  set -- "$mirror/objects/pack"/*.pack
  [ "$#" -le 30 ] || run_git gc -q --prune=now </dev/null >/dev/null 2>&1 || true
}
