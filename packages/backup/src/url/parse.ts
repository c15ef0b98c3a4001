import { Secret } from "@deploy/core";
import { driverOf, type Server, type ServerKind, type UrlForm } from "@deploy/remote";
import { isKeywords, parseKeywords } from "./keywords.ts";
import { allowedOptions } from "./options.ts";
import { refuseUrl } from "./refuse.ts";
import { parseUri, type Uri } from "./uri.ts";

/**
 * A database by its URL, or by libpq's keywords. `postgresql+driver` and the like count as their first word. A socket is a host
 * that begins with `/`, or PostgreSQL's `?host=/folder` and MySQL's `?socket=/file`; host "" and port 0 leave the choice to libpq. Throws `database-url`, never saying the password.
 */
export function parseDatabaseUrl(url: Secret | string, kind: ServerKind): Server {
  const form = driverOf(kind).url;
  const text = (typeof url === "string" ? url : url.reveal()).trim();
  if (text === "") throw refuseUrl("is empty");
  return form.keywords && isKeywords(text)
    ? serverOf({ ...empty, query: parseKeywords(text) }, form)
    : serverOf(checkScheme(parseUri(text), kind, form), form);
}

const empty = { scheme: "", user: "", password: "", host: "", port: "", name: "" };

function checkScheme(uri: Uri, kind: ServerKind, { schemes }: UrlForm): Uri {
  if (schemes.includes(uri.scheme.split("+")[0] ?? "")) return uri;
  throw refuseUrl(`has the scheme ${uri.scheme}, and the database is ${kind}`, `Write ${schemes[0]}://…`);
}

function serverOf(uri: Uri, form: UrlForm): Server {
  const query = new Map(uri.query);
  const take = (part: keyof UrlForm["parts"]): string => {
    const names = form.parts[part] ?? [];
    const values = names.flatMap((name) => query.get(name) ?? []);
    for (const name of names) query.delete(name);
    return values[0] ?? uri[part];
  };
  const [host, port] = [checkPlain(take("host"), "host") || form.host, take("port")];
  return {
    host,
    port: port === "" && host === "" ? 0 : toPort(port, form),
    user: checkPlain(take("user"), "user"),
    password: new Secret(checkPassword(take("password"))),
    name: checkName(take("name")),
    options: allowedOptions(form.options, query),
  };
}

function toPort(text: string, form: UrlForm): number {
  if (text === "") return form.port;
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
