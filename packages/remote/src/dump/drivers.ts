import { DeployError } from "@deploy/core";
import type { RemoteCommand } from "../command.ts";
import { commandDriver } from "./command.ts";
import type { Driver, Verb } from "./driver.ts";
import { filesDriver } from "./files.ts";
import { mariadbDriver, mysqlDriver } from "./mysql.ts";
import { postgresDriver } from "./postgres.ts";
import { sqliteDriver } from "./sqlite.ts";
import type { DatabaseKind, Source } from "./types.ts";

const drivers: { readonly [K in DatabaseKind]?: Driver<K> } = {
  postgres: postgresDriver,
  mysql: mysqlDriver,
  mariadb: mariadbDriver,
  sqlite: sqliteDriver,
  files: filesDriver,
  command: commandDriver,
};

/** The driver of a source. Throws `argument-refused` for a kind that none is written for, or what it does not offer. */
export function driverOf(source: Source, verb: Verb): Driver<DatabaseKind> {
  const driver = drivers[source.kind] as Driver<DatabaseKind> | undefined;
  if (driver === undefined || driver.lacks?.includes(verb)) {
    throw new DeployError("argument-refused", `"${verb}" is not offered for ${source.kind}`);
  }
  return driver;
}

type Common = Pick<RemoteCommand<unknown>, "name" | "script" | "args" | "payload">;

/** What the commands of every driver share: the payload begins with `secretLine(source)`. */
export function ask(verb: Verb, source: Source, ...args: readonly string[]): Common {
  const driver = driverOf(source, verb);
  return {
    name: `${verb} ${source.kind}`,
    script: driver.script,
    args: [verb, ...args, ...driver.args(source)],
    payload: true,
  };
}
