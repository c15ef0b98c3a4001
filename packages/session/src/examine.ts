import {
  type Config,
  type Expected,
  type Facts,
  type HostReading,
  hostsWith,
  liveRelease,
} from "@deploy/core";
import { healthPort, questionsFor } from "@deploy/core/doctor";
import { examineHost, type Fleet } from "@deploy/engine";
import { systemClock } from "@deploy/transport";

/** What `deploy doctor` reads of the servers, and what each was asked. */
export interface Examined {
  readonly readings: readonly HostReading[];
  asked(host: string): Expected;
}

/** Asks every host at once, by its roles. Never throws for what a host did. */
export async function examineFleet(
  fleet: Fleet,
  config: Config,
  facts: readonly Facts[],
  wanted: Readonly<Record<string, string>>,
): Promise<Examined> {
  const { deployTo, keepReleases, prepare } = config;
  const { health } = config.activate;
  const port = healthPort(config);
  const known = new Map(
    facts.map((host): [string, Expected] => [
      host.host,
      {
        ...{ deployTo, keep: keepReleases, prepares: prepare.length > 0 },
        questions: questionsFor({
          config,
          host: host.host,
          missing: host.reached ? host.missingShared : [],
          wanted,
        }),
        ...(port === undefined ? {} : { port }),
        ...(health === undefined || !hostsWith(config, health.roles).includes(host.host)
          ? {}
          : { health: health.url }),
      },
    ]),
  );
  const asked = (host: string) => known.get(host) as Expected;
  const readings = facts.map(async (host): Promise<HostReading> => {
    const expected = asked(host.host);
    const question = {
      ...{ base: deployTo, checks: expected.questions.map(({ run }) => run) },
      live: host.reached ? liveRelease(host) : null,
      ...(port === undefined ? {} : { port }),
      ...(expected.health === undefined ? {} : { health }),
    };
    return { facts: host, ...(await examineHost(fleet, host.host, question, systemClock)) };
  });
  return { readings: await Promise.all(readings), asked };
}
