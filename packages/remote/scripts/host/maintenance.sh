# needs make_base()
#
# maintenance on BASE: the page comes on stdin and becomes shared/maintenance.html, which everybody may read; web servers look for it.
# maintenance off BASE: it is removed
act() {
  use_base "$2"
  page=$B/shared/maintenance.html
  [ ! -L "$page" ] || fail 71 path-unsafe "$page is a link"
  if [ "$1" = on ]; then
    make_base
    { cat >"$page.new" && chmod 0644 "$page.new"; } || fail_write "No space left, or $page cannot be written"
    failure=$(mv -f -- "$page.new" "$page" 2>&1) || fail_write "$failure"
  else
    failure=$(rm -f -- "$page" "$page.new" 2>&1) || fail_write "$failure"
  fi
}
main "$@"
