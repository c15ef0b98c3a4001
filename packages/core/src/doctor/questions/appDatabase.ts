import { quote } from "../../plan/words.ts";
import { type Asked, not, type Question, unsure } from "./question.ts";

/** The app's own DATABASE_URL, as servers have it: whether each reaches it, and on the leader whether a migration may work. */
export function appDatabase({ config, host, missing }: Asked): readonly Question[] {
  const { shared, migrate, leader } = config;
  const file = migrate?.envFile ?? shared.files.find((path) => /^\.env(\.[\w-]+)*$/.test(path));
  if (file === undefined || missing.includes(file)) return [];
  const url = urlIn(file);
  const reached: Question = {
    ...{ about: "app's database", level: "warn", good: "it answers" },
    run: [...url, ...reach].join("\n"),
  };
  const may: Question = {
    ...{ about: "migration", level: "warn", good: "it may make tables, and nothing holds them" },
    run: [...url, ...migration].join("\n"),
  };
  return migrate === undefined || host !== leader ? [reached] : [reached, may];
}

/** Sets `scheme`, `login`, `host`, `port`, `name` and `query` of it; nothing of it is said but host and port. */
const urlIn = (file: string): readonly string[] => [
  `url=$(sed -n 's/^\\(export \\)\\{0,1\\}DATABASE_URL *= *//p' "$DEPLOY_SHARED_PATH"/${quote(file)} 2>/dev/null | tail -n 1 | tr -d "\\"'")`,
  "case $url in postgres://*|postgresql://*) port=5432 ;; mysql://*|mysql2://*|mariadb://*) port=3306 ;;",
  '  "") echo "deploy: the env file names no DATABASE_URL" >&2; exit 0 ;;',
  '  *) echo "deploy: the DATABASE_URL is no server\'s" >&2; exit 0 ;;',
  "esac",
  `scheme=\${url%%://*} rest=\${url#*://} query=\${url#*[?]}`,
  '[ "$query" != "$url" ] || query=',
  `rest=\${rest%%[?]*} place=\${rest%%/*}`,
  `login=\${place%@*} name=\${rest#"$place"} host=\${place##*@}`,
  '[ "$login" != "$place" ] || login=',
  `name=\${name#/}`,
  `case $host in *:*) port=\${host##*:} host=\${host%:*} ;; esac`,
  'case $host in "") echo "deploy: it is asked through a socket of this machine" >&2; exit 0 ;; *[!A-Za-z0-9.-]*) exit 69 ;; esac',
  "case $port in *[!0-9]*|'') exit 69 ;; esac",
];

/** A connection, and nothing said. */
const reach: readonly string[] = [
  'if command -v nc >/dev/null 2>&1; then nc -z -w 5 "$host" "$port" </dev/null >/dev/null 2>&1',
  `elif command -v bash >/dev/null 2>&1; then timeout 5 bash -c ': <"/dev/tcp/$0/$1"' "$host" "$port" 2>/dev/null`,
  `else ${unsure("neither nc nor bash is there to try $host:$port with")}; fi ||`,
  not("$host:$port does not answer from here: the app cannot reach its database", "nc -z -w 5 $host $port"),
  'echo "deploy: $host:$port answers" >&2',
];

const busy =
  "select 'deploy: ' || count(*) || ' sessions hold locks in an idle transaction: a migration waits for them' from pg_stat_activity where datname = current_database() and state = 'idle in transaction' and state_change < now() - interval '1 minute' having count(*) > 0";
const closed =
  "select 'deploy: its role may make no table in ' || coalesce('the schema ' || current_schema(), 'any schema of its search_path') where not coalesce(has_schema_privilege(current_schema(), 'CREATE'), false)";

/** As the app logs in. Of PgBouncer's port it is known that it keeps no session, and a migration's locks are a session's. */
const migration: readonly string[] = [
  `[ "$port" != 6432 ] || ${not("DATABASE_URL leads to port 6432, PgBouncer's: what a migration locks and sets may end up in another's session", "let migrate have an env-file with the server's own address")}`,
  `case $scheme in postgres*) command -v psql >/dev/null 2>&1 || ${unsure("psql is not there to ask with")} ;; *) ${unsure("of MySQL only a backup says what the login may")} ;; esac`,
  `plain() { printf '%s' "$1" | LC_ALL=C awk 'BEGIN { hex = "0123456789abcdef" } { while (match($0, /%[0-9A-Fa-f][0-9A-Fa-f]/)) { two = tolower(substr($0, RSTART + 1, 2)); printf "%s%c", substr($0, 1, RSTART - 1), (index(hex, substr(two, 1, 1)) - 1) * 16 + index(hex, substr(two, 2, 1)) - 1; $0 = substr($0, RSTART + 3) } printf "%s", $0 }'; }`,
  `case $login in *:*) PGPASSWORD=$(plain "\${login#*:}"); export PGPASSWORD ;; esac`,
  `case $query in *sslmode=*) mode=\${query#*sslmode=}; export PGSSLMODE="\${mode%%&*}" ;; esac`,
  `export PGHOST="$host" PGPORT="$port" PGUSER="$(plain "\${login%%:*}")" PGDATABASE="$(plain "$name")" PGCONNECT_TIMEOUT=5`,
  `said=$(psql -X -w -A -t -q -v ON_ERROR_STOP=1 -c "begin read only" -c "${closed}" -c "${busy}" 2>&1 </dev/null) || { echo "deploy: the app's own login is refused: $(printf '%s' "$said" | tail -n 1 | cut -c 1-200)" >&2; exit 1; }`,
  `[ -z "$said" ] || { printf '%s\\n' "$said" | head -n 1 >&2; exit 1; }`,
];
