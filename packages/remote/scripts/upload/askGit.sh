# needs access commit fresh mirror plain secret url words has_commit() make_mirror() packed_bytes() run_git() what_git_said()
#
# One commit, from the server that has it. The key goes to an ssh-agent that lives as long as git does, the token to git
# through a pipe: neither stands in a file, an argument or an environment.
bring() {
  if has_commit; then return 0; fi
  [ "$access" != key ] || { need ssh-agent; need ssh-add; }
  speak_ssh
  before=$(packed_bytes)
  if ! fetch; then
    explain
    # Nothing that a server or a disk says: what lies here is damaged.
    [ "$fresh" = 0 ] || fail 74 git-failed "$url could not be fetched from: $words"
    make_mirror
    before=0
    fetch || { explain; fail 74 git-failed "$url could not be fetched from: $words"; }
  fi
  bytes=$(($(packed_bytes) - before))
}

# The commit alone; where a server only gives what a branch or a tag names, all of them.
fetch() {
  ask_git --depth=1 "$url" "+$commit:refs/deploy/$commit" && return 0
  case $(cat ../said) in *'unadvertised object'*) ;; *) return 1 ;; esac
  ask_git --prune "$url" '+refs/heads/*:refs/all/heads/*' '+refs/tags/*:refs/all/tags/*' || return 1
  if run_git cat-file -e "$commit^{commit}" 2>/dev/null; then
    run_git update-ref "refs/deploy/$commit" "$commit" 2>../said
    return
  fi
  say "not our ref $commit" >../said
  return 1
}

# ARGUMENT… of git fetch
ask_git() {
  # shellcheck disable=SC2016  # for the shell that git starts
  helper='!f() { if test "$1" = get; then cat <&8; fi; }; f'
  # shellcheck disable=SC2086  # options
  set -- git $plain -c "credential.$(server).helper=$helper" fetch -q --no-tags --no-recurse-submodules "$@"
  case $access in
    token) { name_user; echo "password=$secret"; } | { "$@" 8<&0 </dev/null 2>../said; } ;;
    key) echo "$secret" | with_agent "$@" ;;
    *) "$@" </dev/null 2>../said ;;
  esac
}

# Only there is the token said: not where a server sends us on to.
server() {
  rest=${url#*://}
  rest=${rest%%/*}
  say "${url%%://*}://${rest##*@}"
}

# Servers that take any name with a token take this one; one in the URL is said by git itself.
name_user() {
  rest=${url#*://}
  case ${rest%%/*} in *@*) ;; *) echo username=x-access-token ;; esac
}

# The agent ends when git does; ten seconds after this shell, where that was killed.
with_agent() {
  # shellcheck disable=SC2016  # for the shell that the agent starts
  ssh-agent -t 3600 sh -c 'if ssh-add -q - 2>../said; then "$@" </dev/null 2>../said; else echo "ssh-add: $(cat ../said)" >../said; false; fi; code=$?; kill "$SSH_AGENT_PID"; exit "$code"' sh "$@"
}

# The pinned keys alone, and of logins the one that was given; without one, those of the user's own settings.
speak_ssh() {
  options='-o BatchMode=yes -o StrictHostKeyChecking=yes -o UserKnownHostsFile=../known_hosts -o GlobalKnownHostsFile=/dev/null'
  options="$options -o UpdateHostKeys=no -o ClearAllForwardings=yes -o ForwardAgent=no -o PermitLocalCommand=no"
  options="$options -o ControlMaster=no -o ControlPath=none -o ConnectTimeout=20 -o ServerAliveInterval=15"
  [ "$access" != key ] || options="-F /dev/null -o IdentityFile=none $options"
  GIT_SSH_COMMAND="ssh $options" GIT_SSH_VARIANT=ssh
  export GIT_SSH_COMMAND GIT_SSH_VARIANT
}

# words: what git said; fails with what is known to mean something
explain() {
  what_git_said
  case $words in
    *'o space left'* | *'quota exceeded'*) fail 73 disk-full "no space for $commit in $mirror: $words" ;;
    *'not our ref'*) fail 66 git-commit-missing "$url has no commit $commit" ;;
    *'Host key verification failed'*) fail 74 git-host-key "the host key of $url is not one of upload.host-keys: $words" ;;
    *'ssh-add: '*) fail 74 git-access "the git key cannot be used: $words" ;;
    *'ermission denied'* | *'uthentication failed'* | *'could not read Username'* | *'could not read Password'* | *'not found'* | \
      *'does not appear to be a git repository'* | *'403'*) fail 74 git-access "$url does not let this host read it: $words" ;;
    *'unable to access'* | *'Could not read from remote repository'* | *'hung up'* | *'early EOF'*)
      fail 74 git-failed "$url could not be fetched from: $words"
      ;;
  esac
}
