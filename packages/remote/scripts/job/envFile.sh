# An environment file: the dialect of dotenv where its readers agree. It is read, never sourced.
#
# Blank lines, # comments and a leading `export ` are allowed. 'Single quotes' keep all as it is, "double quotes" know
# \n \r \t \" \\ \$ and \`, and both may go on over lines. Without quotes a value ends before ` #` and its last blanks.
# $NAME and ${NAME}, outside of single quotes, is what was set above or is the host's. Where readers differ, the line is
# refused, without its text: that may be a secret.

check_env() {
  [ -f "$1" ] || fail 66 env-file-missing "there is no file $1"
  [ -r "$1" ] || fail 66 env-file-missing "$1 cannot be read by this user"
  need awk
  _deploy_env=$(read_env "$1") || fail 65 env-file-malformed "line ${_deploy_env%% *} of $1 ${_deploy_env#* }"
}

# FILE [WORD] -> `export NAME='VALUE'` of each, or `WORD FIRST LAST NAME='VALUE'` with its lines; or it fails with `NUMBER WHY`
read_env() {
  LC_ALL=C awk -v verb="${2-}" '
    function refuse(why) { refused = 1; print first, why; exit 1 }
    function escaped(c) {
      if (c == "n") return "\n"
      if (c == "r") return "\r"
      if (c == "t") return "\t"
      return c ~ /^["\\$`]$/ ? c : "\\" c
    }
    function variable(word) {
      if (match(text, /^[A-Za-z_][A-Za-z0-9_]*/) || match(text, /^[{][A-Za-z_][A-Za-z0-9_]*[}]/)) {
        word = substr(text, 1, RLENGTH)
        text = substr(text, RLENGTH + 1)
        gsub(/[{}]/, "", word)
        if (!(word in known)) refuse("has a $ before a name that is not set above it: single quotes keep a $ as it is")
        return known[word]
      }
      if (text ~ /^[({]/) refuse("has a $ before a bracket, which is not carried out here: single quotes keep a $ as it is")
      return "$"
    }
    function closes(stops, c) {
      while (match(text, stops)) {
        value = value substr(text, 1, RSTART - 1)
        c = substr(text, RSTART, 1)
        text = substr(text, RSTART + 1)
        if (c == quote) return 1
        if (c == "$") value = value variable()
        else {
          value = value escaped(substr(text, 1, 1))
          text = substr(text, 2)
        }
      }
      value = value text
      return 0
    }
    function put() {
      known[name] = value
      gsub(/\047/, "\047\"\047\"\047", value)
      lines = lines (verb == "" ? "export" : verb " " first " " NR) " " name "=\047" value "\047\n"
      quote = ""
    }
    BEGIN { for (name in ENVIRON) known[name] = ENVIRON[name] }
    { text = $0; sub(/\r$/, "", text) }
    quote == "" {
      first = NR
      sub(/^[ \t]+/, "", text)
      while (sub(/^export[ \t]+/, "", text)) { }
      if (text ~ /^(#|$)/) next
      at = index(text, "=")
      name = substr(text, 1, at - 1)
      sub(/[ \t]+$/, "", name)
      if (name !~ /^[A-Za-z_][A-Za-z0-9_]*$/) refuse("is not NAME=value")
      if (name ~ /^(BASHOPTS|BASH_VERSINFO|EUID|PPID|SHELLOPTS|UID)$/) refuse("sets what belongs to the shell")
      text = substr(text, at + 1)
      value = ""
      if (match(text, /^[ \t]*["\047]/)) {
        quote = substr(text, RLENGTH, 1)
        text = substr(text, RLENGTH + 1)
      } else {
        sub(/[ \t]#.*$/, "", text)
        gsub(/^[ \t]+|[ \t]+$/, "", text)
        if (text ~ /^`|\\$/) refuse("begins with a backquote or ends with a backslash: put the value into single quotes")
        closes("[$]")
        put()
        next
      }
    }
    {
      if (!closes(quote == "\"" ? "[\"\\\\$]" : "\047")) value = value "\n"
      else if (text !~ /^[ \t]*(#.*)?$/) refuse("goes on after its closing quote: put a backslash before a quote within")
      else put()
    }
    END {
      if (refused) exit 1
      if (quote != "") refuse("opens a quote that nothing closes")
      printf "%s", lines
    }' <"$1"
}
