import { scripts } from "../scripts.gen.ts";
import { checkAbsolute, checkName, checkPort, checkText, longestName, refuse } from "./check.ts";
import type { ServerDriver } from "./driver.ts";
import type { Server } from "./types.ts";

export interface MysqlSource<K extends "mysql" | "mariadb"> {
  readonly kind: K;
  readonly server: Server;
}

/** What MySQL and other tools call the ways to use TLS -> MySQL's `ssl-mode`. */
const modes = new Map([
  ["disable", "DISABLED"],
  ["disabled", "DISABLED"],
  ["prefer", "PREFERRED"],
  ["preferred", "PREFERRED"],
  ["require", "REQUIRED"],
  ["required", "REQUIRED"],
  ["verify-ca", "VERIFY_CA"],
  ["verify-full", "VERIFY_IDENTITY"],
  ["verify-identity", "VERIFY_IDENTITY"],
]);

/** What a URL may say, by the words of clients and frameworks. */
const options: Readonly<Record<string, string>> = {
  sslmode: "sslmode",
  "ssl-mode": "sslmode",
  ssl_mode: "sslmode",
  sslca: "sslca",
  "ssl-ca": "sslca",
  ssl_ca: "sslca",
  sslcert: "sslcert",
  "ssl-cert": "sslcert",
  ssl_cert: "sslcert",
  sslkey: "sslkey",
  "ssl-key": "sslkey",
  ssl_key: "sslkey",
  connect_timeout: "connect_timeout",
  "connect-timeout": "connect_timeout",
};

const common = {
  script: scripts.dumpMysql,
  name: checkName,
  nameOf: ({ server }: { readonly server: Server }) => server.name,
  longestName,
  form: "sql",
  tables: true,
};

const url = {
  port: 3306,
  host: "localhost",
  parts: { host: ["socket", "unix_socket"] },
  keywords: false,
  options,
} as const;

export const mysqlDriver: ServerDriver<MysqlSource<"mysql">> = {
  ...common,
  source: (configured, { server }) => ({ kind: "mysql", server: server(configured) }),
  args: ({ server }) => ["mysql", ...argsOf(server)],
  url: { ...url, schemes: ["mysql", "mysql2", "mariadb"] },
};

export const mariadbDriver: ServerDriver<MysqlSource<"mariadb">> = {
  ...common,
  source: (configured, { server }) => ({ kind: "mariadb", server: server(configured) }),
  args: ({ server }) => ["mariadb", ...argsOf(server)],
  url: { ...url, schemes: ["mariadb", "mysql", "mysql2"] },
};

/** A host that begins with `/` is a socket; an empty user leaves the choice to the client. */
function argsOf({ host, port, user, name, options }: Server): readonly string[] {
  const where = host.startsWith("/") ? checkAbsolute(host) : checkText("a host", host);
  const more = Object.entries(options).map(([option, value]) => optionOf(option, value));
  return [where, checkPort(port), checkText("a user", user), checkName(name), ...more];
}

function optionOf(name: string, value: string): string {
  switch (name) {
    case "sslmode":
      return `sslmode=${modes.get(value.toLowerCase().replaceAll("_", "-")) ?? refuse("a value of sslmode", value)}`;
    case "sslca":
    case "sslcert":
    case "sslkey":
      return `${name}=${checkText(`a value of ${name}`, value)}`;
    case "connect_timeout":
      return /^\d{1,4}$/.test(value) ? `${name}=${value}` : refuse("a number of seconds", value);
    default:
      return refuse("an option of a MySQL URL that is passed on", name);
  }
}
