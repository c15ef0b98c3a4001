import { DeployError } from "@deploy/core";
import type { UrlForm } from "@deploy/remote";
import { refuseUrl } from "./refuse.ts";

/** What frameworks write into the same URL for themselves; a dump needs none of it. */
const forOthers = new Set([
  ...["fallback_application_name", "charset", "encoding", "collation", "serverversion", "server_version"],
  ...[
    "schema",
    "search_path",
    "pgbouncer",
    "connection_limit",
    "pool_timeout",
    "pool",
    "max_pool",
    "prepared_statements",
  ],
  ...["reconnect", "checkout_timeout", "timezone", "parsetime", "loc", "supa", "statement_cache_size"],
]);

/**
 * The options that are passed on. Throws `database-url` for one that nobody here knows, since it might have mattered, and
 * `database-pooler` for what frameworks are told where a pooler shares the server's sessions.
 */
export function allowedOptions(
  allowed: UrlForm["options"],
  given: ReadonlyMap<string, string>,
): Readonly<Record<string, string>> {
  const options: Record<string, string> = {};
  for (const [name, value] of given) {
    if (name.toLowerCase() === "pgbouncer" && value === "true") {
      throw new DeployError("database-pooler", "The database's URL says pgbouncer=true");
    }
    if (forOthers.has(name.toLowerCase())) continue;
    const known = Object.hasOwn(allowed, name) ? allowed[name] : undefined;
    if (known === undefined) throw refuseUrl(`has ${shown(name)}, which is not known`, hint(allowed));
    if (/\p{Cc}/u.test(value)) throw refuseUrl(`has a control character in the option ${known}`);
    options[known] = value;
  }
  return options;
}

function shown(name: string): string {
  return /^[A-Za-z_][A-Za-z0-9_-]{0,40}$/.test(name) ? `the option ${name}` : "an option";
}

function hint(allowed: Readonly<Record<string, string>>): string {
  return `Remove it, or write one of ${[...new Set(Object.values(allowed))].join(", ")}.`;
}
