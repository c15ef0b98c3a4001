import { type Config, type Expected, type Facts, type HostReading, hostsWith } from "@deploy/core";
import { examineHost, type Fleet } from "@deploy/engine";
import { systemClock } from "@deploy/transport";

/** What `deploy doctor` reads of the servers, and what each was asked. */
export interface Examined {
  readonly readings: readonly HostReading[];
  asked(host: string): Expected;
}

/** Asks every host at once, by its roles. Never throws for what a host did. */
export async function examineFleet(fleet: Fleet, config: Config, facts: readonly Facts[]): Promise<Examined> {
  const { deployTo: base } = config;
  const readings = facts.map(async (known): Promise<HostReading> => {
    const checks = servicesOn(config, known.host).map(({ commands }) => commands.check ?? ":");
    const port = portOf(config);
    const question = { base, checks, ...(port === undefined ? {} : { port }) };
    return { facts: known, ...(await examineHost(fleet, known.host, question, systemClock)) };
  });
  return {
    readings: await Promise.all(readings),
    asked(host) {
      const port = portOf(config);
      const services = servicesOn(config, host).map(({ commands }) => commands.name);
      const user = config.hosts.find(({ name }) => name === host)?.username ?? "";
      return { user, services, keep: config.keepReleases, ...(port === undefined ? {} : { port }) };
    },
  };
}

function servicesOn(config: Config, host: string) {
  return (config.activate.service ?? []).filter(({ roles }) => hostsWith(config, roles).includes(host));
}

/** Where the app itself is asked; a web server's own ports are for everybody. */
function portOf({ activate: { health } }: Config): number | undefined {
  const port = health === undefined ? 0 : Number(new URL(health.url).port);
  return port > 0 && port !== 80 && port !== 443 ? port : undefined;
}
