import { scripts } from "../scripts.gen.ts";
import { checkName, checkPort, checkText, refuse } from "./check.ts";
import type { Driver } from "./driver.ts";

/** URL options that libpq knows -> the variables it reads them from. A value is never part of a command line. */
const variables = new Map([
  ["application_name", "PGAPPNAME"],
  ["channel_binding", "PGCHANNELBINDING"],
  ["connect_timeout", "PGCONNECT_TIMEOUT"],
  ["gssencmode", "PGGSSENCMODE"],
  ["sslcert", "PGSSLCERT"],
  ["sslkey", "PGSSLKEY"],
  ["sslmode", "PGSSLMODE"],
  ["sslrootcert", "PGSSLROOTCERT"],
  ["target_session_attrs", "PGTARGETSESSIONATTRS"],
]);

/** An empty host or user, or port 0, leaves the choice to libpq on the host: its socket, its user. */
export const postgresDriver: Driver<"postgres"> = {
  script: scripts.dumpPostgres,
  args: ({ server }) => [
    checkText("a host", server.host),
    server.port === 0 ? "" : checkPort(server.port),
    checkText("a user", server.user),
    checkName(server.name),
    ...Object.entries(server.options).map(([name, value]) => optionOf(name, value)),
  ],
  name: checkName,
};

function optionOf(name: string, value: string): string {
  const variable = variables.get(name) ?? refuse(`an option of a PostgreSQL URL that is passed on`, name);
  return `${variable}=${checkText(`a value of ${name}`, value)}`;
}
