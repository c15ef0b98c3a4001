import { type DatabaseKind, DeployError } from "@deploy/core";
import type { RemoteCommand } from "../command.ts";
import { commandDriver } from "./command.ts";
import type { Driver, ServerKind, UrlForm, Verb } from "./driver.ts";
import { filesDriver } from "./files.ts";
import { mariadbDriver, mysqlDriver } from "./mysql.ts";
import { postgresDriver } from "./postgres.ts";
import { sqliteDriver } from "./sqlite.ts";

/** One for each kind of database that the config knows: a kind without a driver does not compile. */
const drivers = {
  postgres: postgresDriver,
  mysql: mysqlDriver,
  mariadb: mariadbDriver,
  sqlite: sqliteDriver,
  files: filesDriver,
  command: commandDriver,
} satisfies { readonly [K in DatabaseKind]: Driver<SourceBy<K>> } & {
  readonly [K in ServerKind]: { readonly url: UrlForm };
};

type Drivers = typeof drivers;
interface SourceBy<K extends DatabaseKind> {
  readonly kind: K;
}

/** What is backed up, as the scripts know it. */
export type Source = ReturnType<Drivers[DatabaseKind]["source"]>;

export const databaseKinds = Object.keys(drivers) as readonly DatabaseKind[];

/** The driver of a kind; it is given sources of that kind only. */
export function driverOf(kind: ServerKind): Driver<Source> & { readonly url: UrlForm };
export function driverOf(kind: DatabaseKind): Driver<Source>;
export function driverOf(kind: DatabaseKind): Driver<Source> {
  return drivers[kind] as Driver<Source>;
}

type Common = Pick<RemoteCommand<unknown>, "name" | "script" | "args" | "payload">;

/**
 * What the commands of every driver share: the payload begins with `secretLine(source)`. `options` come behind the verb; names of
 * databases among them are checked by the driver. Throws `argument-refused`, also for what the driver does not offer.
 */
export function ask(
  verb: Verb,
  source: Source,
  options: (name: (text: string) => string) => readonly string[] = () => [],
): Common {
  const driver = driverOf(source.kind);
  const refusal = driver.refuses?.(verb, source);
  if (refusal !== undefined) throw new DeployError("argument-refused", refusal);
  return {
    name: `${verb} ${source.kind}`,
    script: driver.script,
    args: [verb, ...options((text) => driver.name(text)), ...driver.args(source)],
    payload: true,
  };
}
