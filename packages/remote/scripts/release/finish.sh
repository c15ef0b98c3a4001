# with sweep.sh living.sh relink.sh
# needs cur state is_dead() lives_in() look_after() look_before() read_living() tell_stale() wipe()
# sets release
#
# finish BASE TOKEN OWNER RELEASE BAD|- KEEP-FOR|- PROVED,…|- [REMOVAL…]: RELEASE is proved good, BAD is marked, old ones go,
# but none that was live less than KEEP-FOR seconds ago, or in which a process lives. PROVED: what other hosts have as good.
act() {
  use_base "$1"
  release=$4 bad=$5
  need_release "$release"
  [ "$bad" = - ] || need_release "$bad"
  [ "$6" = - ] || digits "$6" || fail 64 argument-refused "not a number of seconds: $6"
  keep_for=$6 proved=$7
  read_living
  enter "$2" "$3"
  shift 7
  read_current
  [ "$cur" = "$release" ] || fail 67 current-changed "current is $cur, expected $release"
  mark
  T=$D/trash
  # shellcheck disable=SC2174  # the folders above exist: need_base
  [ -d "$T" ] || mkdir -p "$T" || fail_write "$T cannot be made"
  doomed='' recent=''
  [ "$keep_for" = - ] || [ "$#" -eq 0 ] || read_recent
  for name in "$@"; do
    if because=$(refusal "$name"); then
      say "kept $(printf '%s' "$name" | hex) $(printf '%s' "$because" | hex)"
    else
      discard "$name"
    fi
  done
  journal "$bad" "$release" finish ok
  unlock
  tell_stale "$release"
  [ -z "$doomed" ] || look_before
  for path in "$T"/*.*; do
    is_dead "$path" || continue
    name=${path##*/}
    wipe "$path" || left_over "${name%.*}" "$path"
  done
  for name in $doomed; do
    destroy "$name"
  done
  look_after
}

mark() {
  for path in "$D/releases"/*.json; do
    [ -e "$path" ] || continue
    name=${path##*/}
    name=${name%.json}
    is_release "$name" || continue
    state_of "$name"
    [ "$state" = active ] && [ "$name" != "$release" ] && was_proved "$name" || continue
    set_state "$name" good || fail_write "No space left, or the state of $name cannot be written"
  done
  set_state "$release" good || fail_write "No space left, or the state of $release cannot be written"
  if [ "$bad" != - ] && [ -d "$B/releases/$bad" ]; then
    set_state "$bad" bad || fail_write "No space left, or the state of $bad cannot be written"
  fi
  rm -f "$D/held" || fail_write "$D/held cannot be removed"
}

# NAME: that it was live is no proof. It was found good here once, or elsewhere, where the word of it was lost on its way here.
was_proved() {
  case ,$proved, in *",$1,"*) return 0 ;; esac
  grep -qF "\"to\":\"$1\",\"step\":\"finish\",\"result\":\"ok\"" "$D/journal.jsonl" 2>/dev/null
}

# NAME: prints why it must stay and succeeds, or fails
refusal() {
  if ! is_release "$1"; then printf 'it is not a release name'
  elif [ "$1" = "$release" ] || [ "$1" = "$cur" ]; then printf 'it is live'
  elif [ -L "$B/releases/$1" ]; then printf 'it is a link'
  elif [ -e "$B/releases/$1" ] && [ ! -d "$B/releases/$1" ]; then printf 'it is not a directory'
  else lives_in "$1" || was_recent "$1"
  fi
}

# NAME, as refusal
was_recent() {
  case $recent in
    unknown) printf 'when it was live cannot be told' ;;
    *"|$1 unknown|"*) printf 'until when it was live cannot be told' ;;
    *"|$1 "*)
      time=${recent#*"|$1 "}
      printf 'it was live until %s, less than %s seconds ago' "${time%%|*}" "$keep_for"
      ;;
    *) return 1 ;;
  esac
}

# recent: `|NAME TIME|…` of what the journal says was live until less than keep_for seconds ago, or `unknown`.
# A switch ends what was live before it, also where another tool had switched meanwhile and nobody told.
# ISO times compare as text; a time that is none is unknown, which comes after all of them.
read_recent() {
  recent=unknown
  limit=$(date -u -d "@$(($(date +%s) - keep_for))" +%Y-%m-%dT%H:%M:%SZ 2>/dev/null) || return 0
  [ -r "$D/journal.jsonl" ] || return 0
  recent=$(awk -v limit="$limit" '
    function value(key) {
      if (!match($0, "\"" key "\":\"[^\"]*\"")) return ""
      return substr($0, RSTART + length(key) + 4, RLENGTH - length(key) - 5)
    }
    function ended(name, time) { if (name != "" && until[name] < time) until[name] = time }
    !/"step":"(activate|revert|rollback)","result":"ok"/ { next }
    {
      time = value("time")
      if (time !~ /^[0-9-]+T[0-9:]+Z$/) time = "unknown"
      ended(live, time)
      ended(value("from"), time)
      live = value("to")
    }
    END {
      ended(live, "unknown")
      for (name in until) if (until[name] > limit) printf "|%s %s|", name, until[name]
    }' "$D/journal.jsonl") || recent=unknown
}

# Out of releases/ in one rename, under the mutex; records go after the folder.
discard() {
  if [ -d "$B/releases/$1" ]; then
    [ -w "$B/releases/$1" ] || chmod u+w "$B/releases/$1" 2>/dev/null # rename writes its `..`
    if ! failure=$( { mkdir "$T/$1.$$" && mv -- "$B/releases/$1" "$T/$1.$$/"; } 2>&1); then
      rmdir "$T/$1.$$" 2>/dev/null
      stuck "$1" "$B/releases/$1" "$(printf '%s' "$failure" | tail -c 300)"
      return 0
    fi
  fi
  rm -f -- "$D/releases/$1.json" "$D/releases/$1.backup" "$D/releases/$1.shared" \
    "$D/releases/$1.gone" "$D/releases/$1.marks" "$D/manifests/$1"
  rm -rf -- "$D/made/$1"
  doomed="$doomed $1"
}

destroy() {
  if [ -d "$T/$1.$$" ] && ! wipe "$T/$1.$$"; then left_over "$1" "$T/$1.$$"
  else say "removed $1"
  fi
}

# RELEASE PATH
left_over() { stuck "$1" "$2" "it left releases/, but not all of $2 could be deleted: $(printf '%s' "$failure" | head -n 1)"; }

# RELEASE PATH WORDS: with whose folder it is, where that is the reason
stuck() {
  alien=$(find "$2" -type d ! -user "$(id -u)" -print -prune 2>/dev/null | head -n 1)
  [ -z "$alien" ] || alien="; $alien belongs to $(stat -c '%U (uid %u)' "$alien"), who or root can remove it"
  say "stuck $(printf '%s' "$1" | hex) $(printf '%s' "$3$alien" | hex)"
}
main "$@" </dev/null
