# with staged.sh mirror.sh askGit.sh
# needs bytes fresh sha words bring() evict() is_there() make_mirror() open_mirror() run_git() tidy() what_git_said()
# sets access commit id mirror owner secret stage token url
#
# git BASE TOKEN OWNER RELEASE COMMIT REPOSITORY none|key|token [KNOWN-HOSTS-LINE…]
# stdin: the key or the token, which stays in memory.
# Fetches one commit into .deploy/git and writes its files, as they are in git, to .deploy/staging/RELEASE.git/tree, where receive.sh
# takes those that the manifest wants. Says how many bytes came, how many of the files' were there, and the files as lines of a manifest.
act() {
  [ "$#" -ge 7 ] || fail 64 argument-refused 'git takes seven arguments or more'
  use_base "$1"
  id=$4 commit=$5 url=$6 access=$7 secret=''
  need_release "$id"
  check_commit
  check_url
  [ "$access" = none ] || secret=$(cat)
  for tool in awk find git stat; do need "$tool"; done
  sha_tool
  make_base
  enter "$2" "$3"
  mirror=$D/git stage=$D/staging/$id.git
  # The format of a commit's name is that of the whole repository.
  [ "${#commit}" = 40 ] || mirror=$D/git-sha256
  if is_there "$stage"; then
    unlock
    say 'fetched 0 0'
    return 0
  fi
  open_stage
  unlock
  shift 7
  pin "$@"
  open_mirror
  kept=0
  bring
  write_tree
  count_kept
  say "fetched $bytes $kept"
  list_tree
  tidy
}

check_commit() {
  case $commit in *[!0-9a-f]*) commit='' ;; esac
  case ${#commit} in 40 | 64) ;; *) fail 64 argument-refused "not a commit's full name" ;; esac
}

# Nothing that git could take for an option, a command or a file here, and no password. A token is for https alone.
check_url() {
  at=${url#*://}
  case $url in
    *[!]A-Za-z0-9._~/:@%+[-]*) at='' ;;
    http://[A-Za-z0-9[]*/?* | https://[A-Za-z0-9[]*/?* | ssh://[A-Za-z0-9[]*/?*) case ${at%%/*} in *:*@*) at='' ;; esac ;;
    *://* | *::*) at='' ;;
    [A-Za-z0-9]*:[A-Za-z0-9._~/]*) ;;
    *) at='' ;;
  esac
  [ -n "$at" ] || fail 64 argument-refused "not a repository: $url"
  case $access:$url in
    none:* | token:https://* | key:ssh://*) ;;
    key:*://*) fail 64 argument-refused "a key is no use at $url" ;;
    key:*) ;;
    *) fail 64 argument-refused "$access is not for $url" ;;
  esac
}

# Under the mutex, and as the one run that may: what other runs left is theirs no more, and nobody writes to the mirror.
open_stage() {
  [ ! -L "$D/staging" ] || fail 71 path-unsafe "$D/staging is a link"
  for path in "$D/staging"/*.git; do
    if [ -d "$path" ] && [ ! -L "$path" ] && [ -d /proc/self ]; then evict "$path" git; fi
    rm -rf -- "$path"
  done
  failure=$(mkdir -- "$stage" "$stage/tree" 2>&1) || fail_write "$failure"
  cd -P -- "$stage/tree" || fail_write "$stage/tree cannot be entered"
  chmod 755 .
}

# LINE…: the keys by which the git server is known, and no others.
pin() {
  : >../known_hosts || fail_write "No space left, or $stage cannot be written"
  for line in "$@"; do say "$line" >>../known_hosts || fail_write "No space left, or $stage cannot be written"; done
}

# The bytes that are in git: no filter, no conversion, no hook; a mirror that lost objects is made anew, once.
write_tree() {
  umask 022
  if check_out; then return 0; fi
  what_git_said
  case $words in
    *'o space left'* | *'quota exceeded'*) fail 73 disk-full "no space for release $id in $D/staging: $words" ;;
    *nvalid\ path* | *nable\ to\ create*) fail 74 git-refused "git does not write the files of $commit: $words" ;;
  esac
  [ "$fresh" = 0 ] || fail 74 git-failed "git cannot write the files of $commit: $words"
  umask 077
  make_mirror
  bring
  umask 022
  if check_out; then return 0; fi
  what_git_said
  fail 74 git-failed "git cannot write the files of $commit: $words"
}

check_out() {
  run_git read-tree "$commit" 2>../said && run_git --work-tree=. checkout-index -q -f -a 2>../said
}

# Of the files' bytes those that an earlier fetch had brought.
count_kept() {
  umask 077
  : >../before
  last=''
  # shellcheck disable=SC2045  # names of commits
  for path in $(ls -t "$mirror/refs/deploy"); do [ "$path" = "$commit" ] || last=${last:-$path}; done
  [ -z "$last" ] || run_git ls-tree -r "refs/deploy/$last" >../before 2>/dev/null
  run_git ls-tree -r -l "$commit" >../now 2>../said || : >../now
  kept=$(awk 'part == 1 { old[$3]; next } /^100/ && $3 in old { kept += $4 } END { printf "%.0f", kept }' part=1 ../before part=2 ../now)
}

# As a manifest has them. Names with control characters are in none.
list_tree() {
  set -- . -name '*[[:cntrl:]]*' -prune -o -type f
  tab=$(printf '\t')
  # shellcheck disable=SC2086  # a command and its options
  find "$@" -exec $sha {} + >../sums || fail_write "No space left, or what git wrote cannot be read"
  find "$@" -printf '%m\t%s\t%p\n' >../lines 2>/dev/null || find "$@" -exec stat -c "%a$tab%s$tab%n" {} + >../lines ||
    fail_write "No space left, or what git wrote cannot be listed"
  awk 'BEGIN { FS = "\t" }
    part == 1 { sha[substr($0, 69)] = substr($0, 1, 64); next }
    { path = substr($3, 3); print "f\t" $1 "\t" $2 "\t" sha[path] "\t" path }' part=1 ../sums part=2 ../lines
}
main "$@"
