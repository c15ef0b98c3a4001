# shellcheck disable=SC2016  # backticks are SQL's here
#
# needs database here most number server server_vendor words work lit() number_of() sql() sql_in() tick() warn() words_of()
#
# What a restore will need, told while there is time: rights in this database and in those beside it, and to make what others
# define. SHOW GRANTS, which is asked, has the rights of roles as well.
look_at_way_back() {
  echo 'show grants;' | sql --raw >"$work/shown" &&
    me=$(printf '%s\n' "select concat('\`', replace(left(u, char_length(u) - char_length(h) - 1), '\`', '\`\`'), '\`@\`', h, '\`')" \
      "from (select current_user() u, substring_index(current_user(), '@', -1) h) w;" | sql --raw) || {
    words_of sql
    warn "it could not be told whether a restore could be made: $words"
    return 0
  }
  pattern=$(printf '%s' "$database" | sed 's/[\\_%]/\\&/g')
  missing "$(rows trigger)" "$database"
  [ "$lacks" = 0 ] || warn "$me has no TRIGGER privilege, without which triggers are left out silently"
  look_at_rights 'no restore can be brought into its place as things are' "$pattern" "$database"
  # The name of a longer one is cut for those beside it.
  [ "${#database}" -gt 43 ] || look_at_rights 'no restore can be made as things are' "$pattern\\_%" "${database}_deploy_restore_none" "${database}_before_none"
  look_at_definers
  look_at_functions
}

# TEXT PATTERN NAME…
look_at_rights() {
  text=$1 place="$(tick "$2").*"
  shift 2
  missing "$(rows select insert create drop alter 'lock tables' event) $of_parts" "$@"
  [ "$lacks" = 0 ] || warn "$text: $me may not $missing in $place; as an administrator: grant $missing on $place to $me"
}

# What this database holds beside tables and events. MariaDB asks nothing for foreign keys, and does not read this line.
of_parts="union select 'create view' from information_schema.views where table_schema = database()
union select 'show view' from information_schema.views where table_schema = database()
union select 'trigger' from information_schema.triggers where trigger_schema = database()
union select 'create routine' from information_schema.routines where routine_schema = database()
union select 'alter routine' from information_schema.routines where routine_schema = database()
/*!50706 union select 'references' from information_schema.referential_constraints where constraint_schema = database() */"

look_at_definers() {
  others=$(printf '%s\n' "select group_concat(distinct definer separator ', ') from (select definer from information_schema.views where table_schema = database()" \
    "union select definer from information_schema.triggers where trigger_schema = database() union select definer from information_schema.events where event_schema = database()" \
    "union select definer from information_schema.routines where routine_schema = database()) d where definer <> current_user();" | sql_in "$database" --raw) || return 0
  [ "$others" != NULL ] || return 0
  number_of "${server#* }"
  case $server_vendor in
    MariaDB) if [ "$number" -ge 10005 ]; then set -- 'set user'; else set -- super; fi ;;
    *) if [ "$number" -ge 8002 ]; then set -- set_any_definer super; elif [ "$number" -ge 8000 ]; then set -- set_user_id super; else set -- super; fi ;;
  esac
  missing "$(rows "$@")" ''
  [ "$lacks" != "$#" ] ||
    warn "no restore can be made as things are: $me may not make what others define ($others); as an administrator: grant $1 on *.* to $me (or restore with --plain-owners)"
}

# The dump would end at the first of them, and name no other.
refuse_broken_views() {
  echo "select concat('check table \`', replace(table_name, '\`', '\`\`'), '\`;') from information_schema.tables where $here and table_type = 'VIEW' order by table_name;" |
    sql_in "$database" --raw >"$work/checks" && sql_in "$database" <"$work/checks" >"$work/checked" || return 0
  broken='' before=''
  while IFS="$(printf '\t')" read -r view did kind why; do
    case $did:$kind:$view in check:Error:"$before") ;; check:Error:*) broken="$broken, $view ($why)" before=$view ;; esac
  done <"$work/checked"
  [ -z "$broken" ] || fail 65 backup-source "no dump can be made of views that refer to what is gone; mend or drop them: ${broken#, }"
}

look_at_functions() {
  found=$(printf '%s\n' "select @@global.log_bin and not @@global.log_bin_trust_function_creators and (exists (select 1 from information_schema.triggers" \
    "where trigger_schema = database()) or exists (select 1 from information_schema.routines where routine_schema = database() and routine_type = 'FUNCTION'));" | sql_in "$database") || return 0
  [ "$found" = 1 ] || return 0
  set -- super 'binlog admin'
  missing "$(rows "$@")" ''
  [ "$lacks" != "$#" ] ||
    warn "no restore can be made as things are: the server keeps a binary log and lets $me make no functions or triggers; as an administrator: set global log_bin_trust_function_creators = 1"
}

# RIGHT…, as rows of SQL
rows() {
  printf "select '%s' name" "$1"
  shift
  for right in "$@"; do printf " union select '%s'" "$right"; done
}

# RIGHTS NAME…: the rights that this user has not in every database of these names -> missing, lacks (how many). '' is all databases.
missing() {
  {
    printf '%s\n' "set session sql_mode = '', group_concat_max_len = 2000;" \
      "select count(*), group_concat(r.name order by r.name separator ', ') from ($1) r where exists (select 1 from"
    shift
    begin='('
    for name in "$@"; do
      echo "$begin select $(lit "$name") name"
      begin='union all'
    done
    echo ") n where not exists (select 1 from (select '' rights, '' place"
    sed -n -e 's/\\/\\\\/g' -e "s/'/''/g" -e "s/^GRANT \(.*\) ON \*\.\* TO .*/union all select '\1', '%'/p" \
      -e "s/^GRANT \(.*\) ON \`\(.*\)\`\.\* TO .*/union all select '\1', '\2'/p" "$work/shown"
    echo ") g where binary n.name like binary g.place and (g.rights like 'ALL%' or find_in_set(r.name, replace(g.rights, ', ', ',')))));"
  } | sql_in "$database" >"$work/asked" || {
    words_of sql
    warn "it could not be told whether a restore could be made: $words"
    lacks=0
    return 0
  }
  read -r lacks missing <"$work/asked"
}

# Passes on the lines that are no rows, and keeps the tables of rows that are a larger statement than the server takes.
long_rows() {
  if ! digits "$most" || ! command -v awk >/dev/null 2>&1; then exec cat; fi
  awk -v most="$((most - 512))" -v file="$work/long" \
    '/^INSERT INTO `/ { name = substr($0, 13, 200); sub(/` (VALUES|\().*/, "`", name) } length($0) > most { print name > file } length($0) < 1000'
}

source_dumped() {
  [ ! -s "$work/long" ] || warn "no restore can be made as things are: rows of $(sort -u "$work/long" | paste -s -d , -) are larger than the server takes back; as an administrator: set global max_allowed_packet = 1073741824 (and in its option file)"
}
