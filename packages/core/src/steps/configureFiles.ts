import type { ServerFile } from "../config/configure/file.ts";
import type { Config } from "../config/types.ts";
import { configureKind } from "../configure/kinds.ts";
import { fillIn } from "../configure/values.ts";
import { hostsWith } from "../plan/fleet.ts";
import type { Asked, OnHosts } from "./kind.ts";

/** The files of a release that stand elsewhere on its hosts, as a step carries them. */
export interface ConfigureData {
  readonly files: readonly ServerFile[];
  readonly drift: "stop" | "overwrite";
  /** Root's, which writes what is at level `apply`; absent where nothing is. */
  readonly helper?: string;
}

/** Where the helper of an environment is installed, by whoever may. */
export function helperPath({ app, environment }: Pick<Config, "app" | "environment">): string {
  return `/usr/local/sbin/configure-${app}-${environment}`;
}

/** The files with their places. */
export function filesOf({ configure, environment }: Config): readonly ServerFile[] {
  return (configure?.files ?? []).map((file) => ({ ...file, to: fillIn(file.to, { environment }) }));
}

/** One step, on the hosts that have one of the files. */
export function configureSteps({ fleet: { config }, hosts }: Asked): readonly (ConfigureData & OnHosts)[] {
  const files = filesOf(config);
  const named = new Set(files.flatMap(({ roles }) => hostsWith(config, roles)));
  if (files.length === 0) return [];
  const { drift = "stop" } = config.configure ?? {};
  return [
    {
      hosts: hosts.filter((host) => named.has(host)),
      ...{ files, drift },
      ...(files.some(({ level }) => level === "apply") ? { helper: helperPath(config) } : {}),
    },
  ];
}

/** What tries a file, for people; undefined: nothing does. */
export function testOf({ kind, test }: ServerFile): string | undefined {
  return test === false ? undefined : (test ?? configureKind(kind).tool);
}
