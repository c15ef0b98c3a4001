import { refuseUrl } from "./refuse.ts";

/** The parts of a URL, decoded; nothing is checked yet. */
export interface Uri {
  readonly scheme: string;
  readonly user: string;
  readonly password: string;
  readonly host: string;
  readonly port: string;
  readonly name: string;
  readonly query: ReadonlyMap<string, string>;
}

const form = /^([A-Za-z][A-Za-z0-9+.-]*):\/\/([^/?]*)(?:\/([^?]*))?(?:\?(.*))?$/s;
const encodeHint =
  "Percent-encode what is special in user and password: `@` is %40, `/` is %2F, `?` is %3F, `%` is %25.";

/** Splits a URL as libpq does, which is not always as a browser does: `#` is a character like others. Throws `database-url`. */
export function parseUri(text: string): Uri {
  const [, scheme, authority = "", path = "", query = ""] = form.exec(text) ?? [];
  if (scheme === undefined) throw refuseUrl("is no URL", "Write postgres://user:password@host:5432/name.");
  const at = authority.lastIndexOf("@");
  // A `/` or `?` of a password that is not encoded makes the rest of it look like path and query.
  if (path.includes("@") || (at < 0 && query.includes("@")))
    throw refuseUrl("has an @ behind the host", encodeHint);
  const [user = "", password = ""] = splitFirst(at < 0 ? "" : authority.slice(0, at), ":");
  const [host, port] = splitHost(authority.slice(at + 1));
  return {
    scheme: scheme.toLowerCase(),
    user: decode(user, "user"),
    password: decode(password, "password"),
    host: decode(host, "host"),
    port,
    name: decode(path, "database name"),
    query: parseQuery(query),
  };
}

function splitHost(text: string): readonly [string, string] {
  const [, six, four, port = ""] =
    /^(?:\[([0-9A-Fa-f:.]+(?:%25[\w.-]+)?)\]|([^:[\]]*))(?::(\d*))?$/.exec(text) ?? [];
  const host = six ?? four;
  if (host === undefined) throw refuseUrl("has no host and port that can be read", encodeHint);
  if (host.includes(",")) throw refuseUrl("names several hosts", "Name the one that is to be dumped.");
  return [host, port];
}

function parseQuery(query: string): ReadonlyMap<string, string> {
  const pairs = query.split("&").filter((pair) => pair !== "");
  return new Map(
    pairs.map((pair) => {
      const [name = "", value = ""] = splitFirst(pair, "=");
      return [decode(name, "options"), decode(value, "options")];
    }),
  );
}

function splitFirst(text: string, mark: string): readonly [string, string] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}

function decode(text: string, part: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw refuseUrl(`has a % in its ${part} that does not begin an encoded character`, encodeHint);
  }
}
