#
# What a database's client says, without what it read: a failing row, a value that does not fit, a statement. Rows are
# customers', and an error goes into logs and summaries. After dump.sh, in the drivers whose source is a database.
#
# Kept are lines that begin with a tool's name, and on them what is in quotes behind a word for what has a name. At any
# other quote the line ends: a value may hold quotes itself, so nothing behind its first one can be told from it.
tools='connection to server\|ERROR [0-9]*\|\(Parse \|Runtime \)\{0,1\}[Ee]rror\|grep\|mariadb\|mariadb-dump\|mysql\|mysqldump\|pg_dump\|pg_dumpall\|pg_restore\|psql\|sed\|sh\|sqlite3\|tail'
named='class\|collation\|column\|constraint\|database\|directory\|domain\|encoding\|Error:\|execute\|extension\|file\|function\|host\|index\|key\|language\|library\|method\|object\|parameter\|plugin\|policy\|procedure\|publication\|relation\|role\|rule\|schema\|sequence\|server at\|server on\|set:\|socket\|subscription\|[Tt]able\|tablespace\|trigger\|type\|user\|variable\|view\|wrapper'
# As servers quote that do not speak English: « », „ “, ‘ ’
abroad=$(printf '\302[\253\273]\\|\342\200[\230-\237]')

# FILE
source_words() {
  # What a function raises is its own text, and may be a row's.
  raised='s/\(^ERROR [0-9]* (45000)[^:]*\|^ERROR 164[345] [^:]*\):.*/\1/'
  ! grep -q ' RAISE$' "$1" || raised='s/:  .*//'
  sed -n -e "/^\($tools\)[: ]/!d" -e '/: detail: /d' -e 's/\( Got error: [0-9]*: \)"/\1/' -e "$raised" -e "s/\($abroad\).*/.../" -e 's/0x[0-9a-f].*/.../' \
    -e "s/ entry '.*' for key / entry ... for key /" -e "s/ value: '.*' for column / value: ... for column /" \
    -e "s/ ''.*/ .../" -e "s/\(\(^\|[ (]\)\($named\)\) '/\1 ''/g" -e "s/\(^\|[ (:,=]\)'[^'].*/\1.../" -e "s/ ''/ '/g" \
    -e 's/ "".*/ .../' -e "s/\(\(^\|[ (]\)\($named\)\) \"/\1 \"\"/g" -e 's/\(^\|[ (:,=]\)"[^"].*/\1.../' -e 's/ ""/ "/g' -e p "$1" |
    grep . || [ ! -s "$1" ] || echo '(what it said may hold rows, so it is not shown)'
}
