import type { LogSource } from "./config/daily/logs.ts";
import { hasRole } from "./config/hosts/roles.ts";
import type { Config } from "./config/types.ts";

/** One source on one host, and what stands in front of its lines beside the host. */
export interface HostLog {
  readonly host: string;
  /** `known`: the newest files where frameworks write. */
  readonly source: LogSource | "known";
  readonly label: string;
}

/** What there is to read on these hosts: what the config names, else units of services, else files that are known. */
export function logsOn(config: Config, hosts: Config["hosts"]): readonly HostLog[] {
  const services = (config.activate.service ?? []).flatMap(({ roles, commands: { journal } }) =>
    journal === undefined ? [] : [{ ...journal, roles }],
  );
  const sources: readonly LogSource[] = config.logs ?? services;
  return hosts.flatMap((host): readonly HostLog[] => {
    const own = sources.filter(({ roles }) => hasRole(host, roles));
    if (own.length === 0 && config.logs === undefined)
      return [{ host: host.name, source: "known", label: "" }];
    return own.map((source) => ({
      host: host.name,
      source,
      label: own.length === 1 ? "" : labelOf(source),
    }));
  });
}

const labelOf = (source: LogSource): string =>
  "unit" in source ? source.unit.replace(/\.service$/, "") : (source.file.split("/").at(-1) ?? source.file);
