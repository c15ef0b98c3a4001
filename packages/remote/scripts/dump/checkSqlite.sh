# needs said source_words()
# sets words
#
# Whether a SQLite file is whole. An application may have collations and functions of its own, which this sqlite3 lacks: no table is
# damaged for that; it is checked as far as that goes.

# FILE SQL|COMMAND…: the file is an absolute path, so that it is no option and no URI. What it says goes to $said, a file of ours.
lite() {
  file=$1
  shift
  sqlite3 -batch -bail -init /dev/null -cmd '.timeout 30000' "$file" "$@" 2>"$said" </dev/null
}

# FILE -> words, what is damaged, or nothing; unchecked, the tables that were not wholly checked and why, or nothing
check_lite() {
  unchecked='' odd='' lacked=''
  ask_lite "$1" 'pragma integrity_check;'
  [ "$lacking" = 1 ] || return 0
  for table in $(lite "$1" "select hex(name) from sqlite_master where type = 'table' and rootpage > 0;"); do
    check_table "$1"
    [ -z "$words" ] || return 0
  done
  unchecked="$(lite "$1" "select group_concat(name, ', ') from sqlite_master where type = 'table' and hex(name) in ('-'$odd);") ($lacked)"
}

# All of it; else without what is computed; else whether its rows can be counted.
check_table() {
  found=''
  for check in 'pragma integrity_check(%);' 'pragma ignore_check_constraints = on; pragma quick_check(%);' "select 'ok' from (select count(*) from %);"; do
    statement=$(lite "$1" "select replace('$(printf '%s' "$check" | sed "s/'/''/g")', '%', '\"' || replace(name, '\"', '\"\"') || '\"') from sqlite_master where type = 'table' and hex(name) = '$table';")
    ask_lite "$1" "$statement"
    [ "$lacking" = 1 ] || return 0
    [ -n "$found" ] || odd="$odd, '$table'"
    found=1 lacked=$words words=''
  done
}

# FILE SQL -> words, nothing where the answer is ok; lacking, 1 where it needs what this sqlite3 does not have
ask_lite() {
  words=$(lite "$1" "$2" | head -n 3) lacking=0
  case $words in
    ok) words='' ;;
    '')
      words=$(source_words "$said")
      case $words in *'no such collation sequence'* | *'no such function'* | *'unknown function'* | *'no such tokenizer'*) lacking=1 ;; esac
      [ -n "$words" ] || words='nothing was answered'
      ;;
  esac
}
