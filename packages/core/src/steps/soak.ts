import { duration } from "../amounts.ts";
import type { Health, Pool } from "../config/types.ts";
import { membersOf, poolOf } from "../plan/pool.ts";
import { canaryOf } from "../strategies/canary.ts";
import { among } from "./command.ts";
import { backWords } from "./health.ts";
import type { StepKind } from "./kind.ts";
import { poolNeeds } from "./poolWords.ts";

/** Times in milliseconds. */
export interface SoakStep {
  readonly soak: number;
  readonly interval: number;
  readonly check?: string;
  /** Asked on these of its hosts. */
  readonly health?: { readonly hosts: readonly string[]; readonly asked: Health };
  /** Balancers that count: how much larger a part of the requests (of 1) may fail here than on its other members. */
  readonly traffic?: {
    readonly pool: Pool;
    readonly members: readonly string[];
    readonly moreErrors: number;
  };
}

/** Hosts that serve the release alone are looked at again and again: well, all go on; not well, they go back; nobody can tell, they wait for a person. */
export const soak: StepKind<SoakStep, "nothing"> = {
  stage: "wave",
  effect: "nothing",
  lasts: false,
  doubts: true,
  plan({ fleet: { config }, hosts, wave }) {
    if (wave?.soaks !== true) return [];
    const { soak, interval, check, moreErrors } = canaryOf(config);
    const { health } = config.activate;
    const [pool, members] = [poolOf(config), membersOf(config)];
    const counts = pool?.kind === "haproxy" && hosts.some((host) => members.includes(host));
    return [
      {
        ...{ hosts, soak, interval },
        ...(check === undefined ? {} : { check }),
        ...(health === undefined
          ? {}
          : { health: { hosts: among(config, health.roles, hosts), asked: health } }),
        ...(pool === undefined || !counts ? {} : { traffic: { pool, members, moreErrors } }),
      },
    ];
  },
  words({ soak, interval, check, health, traffic }, around) {
    const looks = [
      ...(check === undefined ? [] : ["its check exits 0"]),
      ...(health === undefined ? [] : ["it is healthy with the release's id"]),
      ...(traffic === undefined
        ? []
        : [
            `no more than ${percent(traffic.moreErrors)} more of its requests fail than of the others', as the balancers count`,
          ]),
    ];
    return `for ${duration(soak)}, every ${duration(interval)}: ${looks.join("; ")}; ${backWords(around)}. What cannot be told holds it for a person`;
  },
  commands: ({ check }) => (check === undefined ? [] : [check]),
  headline: ([first]) => (first === undefined ? "" : `${duration(first.soak)} soak`),
  needs: ({ traffic }) => (traffic === undefined ? [] : poolNeeds(traffic.pool)),
};

function percent(part: number): string {
  return `${Number((part * 100).toFixed(3))} %`;
}
