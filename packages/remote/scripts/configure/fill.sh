# needs values
#
# Values of a host in a file of the repository.

# FILE, to stdout: {{deploy.NAME}} with what $values says, a line "NAME VALUE" each. 3, and its line, for a name that is not there.
fill() {
  values=$values awk '
    BEGIN {
      count = split(ENVIRON["values"], line, "\n")
      for (i = 1; i <= count; i++) {
        at = index(line[i], " ")
        if (at > 0) value[substr(line[i], 1, at - 1)] = substr(line[i], at + 1)
      }
    }
    {
      rest = $0
      out = ""
      while ((at = index(rest, "{{deploy.")) > 0) {
        width = index(substr(rest, at), "}}")
        name = width > 0 ? substr(rest, at + 9, width - 10) : ""
        if (!(name in value)) {
          print NR ": " substr(rest, at, width > 0 && width < 60 ? width + 1 : 60) | "cat >&2"
          close("cat >&2")
          exit 3
        }
        out = out substr(rest, 1, at - 1) value[name]
        rest = substr(rest, at + width + 1)
      }
      print out rest
    }' "$1"
}
