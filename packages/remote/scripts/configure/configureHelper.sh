# alone
#
# helper check|apply: what writes servers' own files as root. A person reads and installs it; sudo allows these two lines of it and no
# other. Above it stand app, user, base, and files: a line "KIND PATH" each. Of whoever asks it takes the text of these files, which it
# reads as that user, and nothing else: no path, no name, no command. 64 asked wrongly, 65 a file is refused, 66 unsafe, 75 busy.
: "${app:?}" "${user:?}" "${base:?}" "${files:?}"
set -u
PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C
export PATH LC_ALL
umask 022
no() {
  printf '%s\n' "$2" >&2
  exit "$1"
}

main() {
  case ${1-}.$# in check.1 | apply.1) ;; *) no 64 'one word: check or apply' ;; esac
  [ "$(id -u)" = 0 ] || no 64 'this is for root'
  # shellcheck disable=SC2088  # the tilde is text here
  case $base in '~/'*) base=$(getent passwd "$user" | cut -d: -f6)/${base#'~/'} ;; esac
  handed=$base/.deploy/configure/root state=/var/lib/deploy-configure/$app
  exec 9>>/run/deploy-configure.lock
  flock -w 60 9 || no 75 'another run writes servers'\'' files'
  mkdir -p "$state/before" "$state/none" && chmod 700 /var/lib/deploy-configure || no 66 "$state cannot be made"
  work=$(mktemp -d /run/deploy-configure.XXXXXX) || no 66 'no room in /run'
  trap 'rm -rf "$work"' EXIT
  trap 'exit 130' HUP INT TERM
  mkdir "$work/new" "$work/gone"
  each take
  try_nginx
  try_fpm
  each try_unit
  [ "$1" = check ] || put_all
}

each() {
  # shellcheck disable=SC2086  # words, by the charset of paths
  set -- "$1" $files
  verb=$1
  shift
  while [ "$#" -ge 2 ]; do
    kind=$1 to=$2 key=$(printf '%s' "$2" | tr / '=')
    "$verb"
    shift 2
  done
}

as_user() { timeout -k 2 10 runuser -u "$user" -- "$@" </dev/null; }

# Read once, as the user whom it comes from: a link leads that user where it may go anyway, and what is judged is what is written.
take() {
  safe_place
  if as_user test -e "$handed/put/$key" || as_user test -L "$handed/put/$key"; then
    as_user test -L "$handed/put/$key" && no 66 "what is to be $to is a link"
    as_user test -f "$handed/put/$key" || no 66 "what is to be $to is no file"
    as_user head -c 65537 -- "$handed/put/$key" >"$work/new/$key" || no 66 "what is to be $to cannot be read by $user"
    [ "$(wc -c <"$work/new/$key")" -le 65536 ] || no 65 "$to would be larger than 64 KiB"
    [ "$(tr -d '\011\012\040-\176\200-\377' <"$work/new/$key" | wc -c)" = 0 ] || no 65 "$to would hold control characters"
    refused=$("judge_$kind" "$work/new/$key") || no 65 "$to, line $refused"
  elif as_user test -f "$handed/gone/$key"; then
    : >"$work/gone/$key"
  fi
}

# Nobody but root can have put something into the way
safe_place() {
  [ ! -L "$to" ] || no 66 "$to is a link"
  [ ! -e "$to" ] || [ -f "$to" ] || no 66 "$to is no file"
  near=$to
  while [ "$near" != / ]; do
    near=$(dirname "$near")
    [ "$(stat -L -c %u "$near" 2>/dev/null)" = 0 ] || no 66 "$near is not root's"
    case $(stat -L -c %A "$near") in ?????w* | ????????w*) no 66 "others may write to $near" ;; esac
  done
}

# Tokens as nginx reads them (ngx_conf_read_token); what is not on the list is refused, since modules bring directives of their own.
judge_nginx() {
  awk '
    function refuse(why) { print start ": " why; failed = 1; exit 1 }
    function known(name) {
      if (name ~ /_(temp_path|cache_path|store|store_access|engine|password_file|conf_command)$/) return 0
      if (name ~ /^(proxy|fastcgi|uwsgi|scgi|grpc|gzip|ssl|limit|client|keepalive|open_file_cache|sub_filter|resolver|real_ip)_/) return 1
      return index(list, " " name " ") > 0
    }
    function judge(opens, i, name) {
      if (words == 0) refuse("a statement without a name")
      name = word[1]
      if (opens && depth == 0 && index(" server upstream map geo split_clients ", " " name " ") == 0) refuse(name " is not allowed here")
      if (!opens && depth > 0 && block[depth] ~ /^(map|geo|split_clients|types)$/) {
        if (name == "include") refuse("include is not allowed here")
        return
      }
      if (bare[1] == 0 || name !~ /^[a-z0-9_]+$/) refuse("no plain directive")
      if (name == "include") {
        if (words != 2 || word[2] !~ /^(snippets\/[A-Za-z0-9_-][A-Za-z0-9._-]*|fastcgi_params|fastcgi\.conf|proxy_params|uwsgi_params|scgi_params|mime\.types)$/) refuse("include of what is not in snippets/ is not allowed")
        return
      }
      if (name == "access_log" || name == "error_log") {
        if (word[2] !~ /^\/var\/log\/nginx\/[A-Za-z0-9][A-Za-z0-9._-]*\.log$/ && !(name == "access_log" && word[2] == "off")) refuse(name " is only allowed as /var/log/nginx/<name>.log")
        return
      }
      if (name == "listen" && word[2] ~ /unix:/) refuse("listen on a socket is not allowed")
      for (i = 2; i <= words; i++) if (name ~ /certificate/ && word[i] ~ /^engine:/) refuse("an engine is not allowed")
      if (!known(name)) refuse(name " is not allowed")
    }
    function take_word() { word[++words] = token; bare[words] = !isquoted; token = ""; isquoted = 0 }
    function ends() { judge(0); words = 0 }
    function opens() { judge(1); block[++depth] = word[1]; words = 0 }
    BEGIN {
      list = " server location if upstream map geo split_clients types limit_except server_name server_tokens listen root alias index try_files return rewrite set break internal error_page recursive_error_pages add_header expires etag if_modified_since charset charset_types default_type send_timeout sendfile tcp_nopush tcp_nodelay large_client_header_buffers reset_timedout_connection allow deny satisfy auth_basic auth_basic_user_file auth_request auth_request_set http2 http2_push_preload hash least_conn ip_hash random zone keepalive gunzip gzip set_real_ip_from sub_filter open_file_cache resolver port_in_redirect absolute_redirect server_name_in_redirect merge_slashes underscores_in_headers ignore_invalid_headers log_not_found max_ranges chunked_transfer_encoding stub_status map_hash_bucket_size map_hash_max_size valid_referers autoindex "
    }
    { text = text $0 "\n" }
    END {
      if (failed) exit 1
      size = length(text); line = 1; start = 1; fresh = 1
      for (at = 1; at <= size; at++) {
        c = substr(text, at, 1)
        if (c == "\n") { line++; comment = 0 }
        if (comment) continue
        if (escaped) { escaped = 0; token = token c; continue }
        blank = c == " " || c == "\t" || c == "\n"
        if (space) {
          if (blank) { fresh = 1; space = 0; continue }
          if (c == ";") { ends(); fresh = 1; space = 0; continue }
          if (c == "{") { opens(); fresh = 1; space = 0; continue }
          if (c != ")") refuse("something stands right behind a quote")
          fresh = 1; space = 0
        }
        if (fresh) {
          if (blank) continue
          if (words == 0) start = line
          if (c == ";") { ends(); continue }
          if (c == "{") { opens(); continue }
          if (c == "}") { if (words > 0 || --depth < 0) refuse("a brace too many"); continue }
          if (c == "#") { comment = 1; continue }
          fresh = 0; variable = 0
          if (c == "\"" || c == "\047") { quote = c; isquoted = 1; continue }
          if (c == "\\") escaped = 1
          if (c == "$") variable = 1
          token = token c
          continue
        }
        if (c == "{" && variable) { token = token c; continue }
        variable = 0
        if (c == "\\") { escaped = 1; token = token c; continue }
        if (c == "$") { variable = 1; token = token c; continue }
        if (quote != "") {
          if (c == quote) { quote = ""; space = 1; take_word() } else token = token c
          continue
        }
        if (!blank && c != ";" && c != "{") { token = token c; continue }
        take_word(); fresh = 1
        if (c == ";") ends()
        if (c == "{") opens()
      }
      if (words > 0 || depth > 0 || !fresh) refuse("it ends in the middle")
    }' "$1"
}

# FILE of settings, a line each: keys that are on the list, and what those may be set to that are about more than the app
ini() {
  awk -v user="$user" -v group="$(id -gn "$user")" -v kind="$kind" '
    function refuse(why) { print NR ": " why; failed = 1; exit 1 }
    function only(pattern) { if (value !~ "^(" pattern ")$") refuse(key " is not allowed to be " value) }
    function pool() {
      if (key ~ /^(user|group)$/) { if (value != (key == "user" ? user : group)) refuse(key " must be " (key == "user" ? user : group)) }
      else if (key == "listen") only("/run/php/[A-Za-z0-9][A-Za-z0-9._-]*[.]sock|127[.]0[.]0[.]1:[0-9]+")
      else if (key ~ /^listen[.](owner|group|mode)$/) only("[A-Za-z0-9_-]+")
      else if (key !~ /^(pm|pm[.](max_children|start_servers|min_spare_servers|max_spare_servers|max_spawn_rate|process_idle_timeout|max_requests|status_path)|ping[.](path|response)|request_terminate_timeout|request_terminate_timeout_track_finished|catch_workers_output|decorate_workers_output|clear_env|security[.]limit_extensions|listen[.](backlog|allowed_clients)|rlimit_files|chdir|(env|php_value|php_flag|php_admin_value|php_admin_flag)[[][A-Za-z0-9_.]+[]])$/) refuse(key " is not allowed")
    }
    function unit() {
      if (section == "Service" && key == "User") { if (value != user) refuse("User must be " user); own = 1 }
      else if (section == "Service" && key == "Group") { if (value != group) refuse("Group must be " group) }
      else if (section == "Service" && key ~ /^Exec(Start|StartPre|StartPost|Reload|Stop|StopPost)$/) only("(-?/.*)?")
      else if (section == "Service" && key ~ /^Standard(Output|Error)$/) only("journal|null|inherit")
      else if (section == "Service" && key == "AmbientCapabilities") only("CAP_NET_BIND_SERVICE")
      else if (section == "Service" && key ~ /^(Type|WorkingDirectory|Environment|Restart|RestartSec|Timeout(Start|Stop)?Sec|KillMode|KillSignal|ReloadSignal|SyslogIdentifier|UMask|LimitNOFILE|MemoryMax|MemoryHigh|CPUQuota|CPUWeight|TasksMax|NoNewPrivileges|Private(Tmp|Devices|Users)|Protect[A-Za-z]+|Restrict(AddressFamilies|Namespaces|Realtime|SUIDSGID)|LockPersonality|WatchdogSec|NotifyAccess|SuccessExitStatus|SendSIGKILL|RemainAfterExit)$/) return
      else if (section == "Unit" && key ~ /^(Description|Documentation|After|Before|Wants|Requires|BindsTo|PartOf|StartLimitIntervalSec|StartLimitBurst)$/) return
      else if (section == "Install" && key == "WantedBy") only("(multi-user|default)[.]target")
      else refuse(key " is not allowed in [" section "]")
    }
    { sub(/^[ \t]+/, ""); sub(/[ \t]+$/, "") }
    /\\$/ { refuse("a line that goes on in the next") }
    /^$/ || /^;/ || (kind == "systemd" && /^#/) { next }
    /^\[/ {
      section = substr($0, 2, length($0) - 2)
      if ($0 !~ /^\[[A-Za-z0-9_-]+\]$/ || tolower(section) == "global") refuse("the section " $0 " is not allowed")
      if (kind == "systemd" && section !~ /^(Unit|Service|Install)$/) refuse("the section " $0 " is not allowed")
      next
    }
    {
      at = index($0, "=")
      if (at == 0 || section == "") refuse("no setting")
      key = substr($0, 1, at - 1); value = substr($0, at + 1)
      sub(/[ \t]+$/, "", key); sub(/^[ \t]+/, "", value)
      if (kind == "systemd") unit(); else pool()
    }
    END { if (!failed && kind == "systemd" && !own) { print "1: [Service] needs User=" user; exit 1 } }' "$1"
}
judge_systemd() { ini "$1"; }
judge_fpm() { ini "$1"; }

# FOLDER MAIN-FILE: a copy of the server's whole configuration with the new files in their places, so that what it names is found
copied() {
  copy=$work/copy
  rm -rf "$copy"
  cp -RL -- "$1" "$copy" 2>/dev/null || [ -e "$copy/$2" ] || no 66 "$1 cannot be copied"
  touched=''
  each place_copy
  [ -n "$touched" ] || return 1
  find "$copy" -type f -exec sed -i "s#$1/#$copy/#g" {} +
}

try_nginx() {
  server=/etc/nginx
  copied "$server" nginx.conf || return 0
  said=$(nginx -t -q -c "$copy/nginx.conf" 2>&1) || no 65 "nginx -t: $(printf '%s' "$said" | sed "s#$copy/#$server/#g" | tail -n 4 | tr '\n' ' ')"
}

try_fpm() {
  for server in /etc/php/*/fpm; do
    if [ ! -d "$server" ] || ! copied "$server" php-fpm.conf; then continue; fi
    version=${server#/etc/php/}
    said=$("php-fpm${version%/fpm}" -t -y "$copy/php-fpm.conf" 2>&1) || no 65 "php-fpm -t: $(printf '%s' "$said" | sed "s#$copy/#$server/#g" | tail -n 4 | tr '\n' ' ')"
  done
}

place_copy() {
  case $to in "$server"/*) ;; *) return 0 ;; esac
  if [ -f "$work/new/$key" ]; then
    cp -- "$work/new/$key" "$copy/${to#"$server"/}" || no 66 "$(dirname "$to") is not there"
  elif [ -f "$work/gone/$key" ]; then
    original
    if [ -n "$from" ]; then cp -- "$from" "$copy/${to#"$server"/}"; else rm -f "$copy/${to#"$server"/}"; fi
  else
    return 0
  fi
  touched=1
}

try_unit() {
  if [ "$kind" != systemd ] || [ ! -f "$work/new/$key" ]; then return 0; fi
  unit=$work/${to##*/}
  cp -- "$work/new/$key" "$unit"
  said=$(systemd-analyze verify "$unit" 2>&1)
  code=$?
  # Its programs come with the release: the login has looked for them there
  said=$(printf '%s\n' "$said" | grep -v 'is not executable: ')
  mine=$(printf '%s\n' "$said" | grep -F -e "$unit" -e "${unit##*/}:")
  [ -z "$mine" ] && { [ "$code" = 0 ] || [ -z "$said" ]; } || no 65 "systemd-analyze verify: ${mine:-$said}"
}

# -> from: what stood there before the first time, or nothing
original() {
  from=$state/before/$key
  [ -f "$from" ] || from=''
}

put_all() {
  each put
  # Also where a run died before it: systemd says nothing of units it has read already
  case $files in *'systemd '*) systemctl daemon-reload || no 66 'systemctl daemon-reload failed' ;; esac
}

put() {
  if [ -f "$work/new/$key" ]; then
    if [ ! -f "$state/before/$key" ] && [ ! -f "$state/none/$key" ]; then
      if [ -f "$to" ]; then cp -- "$to" "$state/before/$key.new" && mv -- "$state/before/$key.new" "$state/before/$key"; else : >"$state/none/$key"; fi
    fi
    rename "$work/new/$key"
  elif [ -f "$work/gone/$key" ]; then
    original
    if [ -n "$from" ]; then rename "$from"; elif [ -f "$state/none/$key" ]; then rm -f -- "$to"; fi
    rm -f "$state/before/$key" "$state/none/$key"
  fi
}

# Whole or not at all; servers read no such name
rename() {
  if cmp -s -- "$1" "$to"; then return 0; fi
  cp -- "$1" "$to.deploy-new" && chmod 644 "$to.deploy-new" && mv -fT -- "$to.deploy-new" "$to" || no 66 "$to cannot be written"
}
main "$@"
