import { Secret } from "@deploy/core";
import type { Server } from "@deploy/remote";
import { isKeywords, parseKeywords } from "./keywords.ts";
import { allowedOptions, type ServerKind } from "./options.ts";
import { refuseUrl } from "./refuse.ts";
import { parseUri, type Uri } from "./uri.ts";

const schemes: Readonly<Record<ServerKind, readonly string[]>> = {
  postgres: ["postgres", "postgresql", "pgsql", "postgis"],
  mysql: ["mysql", "mysql2", "mariadb"],
  mariadb: ["mariadb", "mysql", "mysql2"],
};
const ports: Readonly<Record<ServerKind, number>> = { postgres: 5432, mysql: 3306, mariadb: 3306 };

/**
 * A database by its URL, or by libpq's keywords. `postgresql+driver` and the like count as their first word. A socket is a host
 * that begins with `/`, or PostgreSQL's `?host=/folder` and MySQL's `?socket=/file`; host "" and port 0 leave the choice to libpq. Throws `database-url`, never saying the password.
 */
export function parseDatabaseUrl(url: Secret | string, kind: ServerKind): Server {
  const text = (typeof url === "string" ? url : url.reveal()).trim();
  if (text === "") throw refuseUrl("is empty");
  return kind === "postgres" && isKeywords(text)
    ? serverOf({ ...empty, query: parseKeywords(text) }, kind)
    : serverOf(checkScheme(parseUri(text), kind), kind);
}

const empty = { scheme: "", user: "", password: "", host: "", port: "", name: "" };

function checkScheme(uri: Uri, kind: ServerKind): Uri {
  const base = uri.scheme.split("+")[0] ?? "";
  if (schemes[kind].includes(base)) return uri;
  throw refuseUrl(
    `has the scheme ${uri.scheme}, and the database is ${kind}`,
    `Write ${schemes[kind][0]}://…`,
  );
}

function serverOf(uri: Uri, kind: ServerKind): Server {
  const query = new Map(uri.query);
  const take = (...names: readonly string[]): string | undefined => {
    const values = names.flatMap((name) => query.get(name) ?? []);
    for (const name of names) query.delete(name);
    return values[0];
  };
  const postgres = kind === "postgres";
  const socket = postgres ? take("host", "hostaddr") : take("socket", "unix_socket");
  const port = (postgres ? take("port") : undefined) ?? uri.port;
  const user = (postgres ? take("user") : undefined) ?? uri.user;
  const password = (postgres ? take("password") : undefined) ?? uri.password;
  const name = (postgres ? take("dbname") : undefined) ?? uri.name;
  const host = checkPlain(socket ?? uri.host, "host") || (postgres ? "" : "localhost");
  return {
    host,
    port: port === "" && host === "" ? 0 : toPort(port, kind),
    user: checkPlain(user, "user"),
    password: new Secret(checkPassword(password)),
    name: checkName(name),
    options: allowedOptions(kind, query),
  };
}

function toPort(text: string, kind: ServerKind): number {
  if (text === "") return ports[kind];
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > 65_535) throw refuseUrl("has a port that is no number from 1 to 65535");
  return port;
}

function checkName(name: string): string {
  if (name === "") throw refuseUrl("names no database", "Write its name behind the host: …@host:5432/name.");
  return checkPlain(name, "database name");
}

function checkPlain(text: string, part: string): string {
  if (/\p{Cc}/u.test(text)) throw refuseUrl(`has a control character in its ${part}`);
  return text;
}

function checkPassword(text: string): string {
  if (text.includes("\0"))
    throw refuseUrl("has a NUL byte in its password, which no database client can send");
  return text;
}
