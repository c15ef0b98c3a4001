import { duration } from "../amounts.ts";
import { askedAt, hostOf } from "../config/activate/asked.ts";
import type { Health } from "../config/types.ts";
import { among } from "./command.ts";
import type { StepKind } from "./kind.ts";

export interface HealthStep {
  readonly health: Health;
}

/** The proof that a host serves the release. */
export const health: StepKind<HealthStep, "nothing"> = {
  stage: "wave",
  effect: "nothing",
  lasts: false,
  proves: true,
  plan({ fleet: { config }, hosts }) {
    const { health: asked } = config.activate;
    return asked === undefined ? [] : [{ hosts: among(config, asked.roles, hosts), health: asked }];
  },
  words: (step) => healthWords(step.health),
};

function healthWords(health: Health): string {
  const { url, status, expectRelease, within, passes } = health;
  const address = askedAt(health);
  const asked = hostOf(url) === address ? url : `${url}, asked at ${address},`;
  const release = expectRelease ? " and the release's id" : "";
  const times = passes > 1 ? ` ${passes} times in a row` : "";
  return `${asked} answers ${status}${release}${times} within ${duration(within)}, or all go back`;
}
