# shellcheck disable=SC2016  # psql's own \! is wanted as it is
#
# needs sql()
#
# A pooler that shares the server's sessions among its clients (PgBouncer in transaction mode) is no server to a backup: pg_dump
# empties the search_path of its session, and the pooler hands that session on to live queries. Changes no session itself.

# What a session begins with does not get past a pooler. One that gives each client a session of its own does no harm: there,
# two clients at once are never in one process, and none is in two.
refuse_pooler() {
  begun=$(export PGOPTIONS='-c deploy.begun=yes' && echo "select current_setting('deploy.begun', true);" | sql)
  [ "$begun" != yes ] || return 0
  for _ in 1 2 3 4 5 6 7 8 9 10; do
    printf '%s\n' "select 'first ' || pg_backend_pid();" '\! psql -X -w -A -t -q -c "select '\''second '\'' || pg_backend_pid()"'
  done | sql | sort -u | awk '$1 == "first" && n++ || $2 in seen { shared = 1 } { seen[$2] } END { exit !shared }' || return 0
  fail 65 database-pooler "the URL leads to a pooler, which shares the server's sessions: a dump would change those of live queries"
}
