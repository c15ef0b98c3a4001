import { scripts } from "../scripts.gen.ts";
import { checkName, checkPort, checkText, longestName, refuse } from "./check.ts";
import type { ServerDriver } from "./driver.ts";
import type { Server } from "./types.ts";

export interface PostgresSource {
  readonly kind: "postgres";
  readonly server: Server;
  /** Roles and tablespaces of the server too. */
  readonly globals: boolean;
}

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
export const postgresDriver: ServerDriver<PostgresSource> = {
  script: scripts.dumpPostgres,
  source: (configured, { server }) => ({
    kind: "postgres",
    server: server(configured),
    globals: configured.globals === true,
  }),
  args: ({ server }) => [
    checkText("a host", server.host),
    server.port === 0 ? "" : checkPort(server.port),
    checkText("a user", server.user),
    checkName(server.name),
    ...Object.entries(server.options).map(([name, value]) => optionOf(name, value)),
  ],
  name: checkName,
  nameOf: ({ server }) => server.name,
  longestName,
  wantsGlobals: ({ globals }) => globals,
  form: "dump",
  tables: true,
  url: {
    schemes: ["postgres", "postgresql", "pgsql", "postgis"],
    port: 5432,
    host: "",
    parts: {
      host: ["host", "hostaddr"],
      port: ["port"],
      user: ["user"],
      password: ["password"],
      name: ["dbname"],
    },
    keywords: true,
    options: Object.fromEntries([...variables.keys()].map((name) => [name, name])),
  },
};

function optionOf(name: string, value: string): string {
  const variable = variables.get(name) ?? refuse(`an option of a PostgreSQL URL that is passed on`, name);
  return `${variable}=${checkText(`a value of ${name}`, value)}`;
}
