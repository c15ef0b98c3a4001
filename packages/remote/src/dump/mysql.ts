import { scripts } from "../scripts.gen.ts";
import { checkAbsolute, checkName, checkPort, checkText, refuse } from "./check.ts";
import type { Driver } from "./driver.ts";
import type { Server } from "./types.ts";

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

export const mysqlDriver: Driver<"mysql"> = {
  script: scripts.dumpMysql,
  args: ({ server }) => ["mysql", ...argsOf(server)],
  name: checkName,
};

export const mariadbDriver: Driver<"mariadb"> = {
  script: scripts.dumpMysql,
  args: ({ server }) => ["mariadb", ...argsOf(server)],
  name: checkName,
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
