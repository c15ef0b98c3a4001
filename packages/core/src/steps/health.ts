import { duration } from "../amounts.ts";
import { askedAt, hostOf } from "../config/activate/asked.ts";
import type { Health } from "../config/types.ts";
import { among } from "./command.ts";
import type { Around, StepKind } from "./kind.ts";

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
  brief: ({ health: asked }, { plain, code }, around) => {
    const all = healthWords(asked, backWords(around));
    const [url, ...others] = all.split(" ");
    return here.test(asked.url) && url === asked.url
      ? `${code(url.replace(here, ":"))} ${plain(others.join(" "))}`
      : plain(all);
  },
  named: ({ health: { expectRelease } }) => expectRelease,
  words: (step, around) => healthWords(step.health, backWords(around)),
};

/** A port of the host itself. */
const here = /^http:\/\/(?:127\.0\.0\.1|localhost|\[::1\]):/;

/** What becomes of hosts where a wave is not well. */
export function backWords({ stages }: Pick<Around, "stages">): string {
  return stages.some(({ onFailure }) => onFailure === "hold") ? "or its wave goes back" : "or all go back";
}

function healthWords(health: Health, back: string): string {
  const { url, status, expectRelease, within, passes, quiet, headers = [] } = health;
  const address = askedAt(health);
  const at = hostOf(url) === address ? url : `${url}, asked at ${address},`;
  const asked = headers.length === 0 ? at : `${at.replace(/,$/, "")}, with ${headers.join(", ")},`;
  const release = expectRelease ? " and the release's id" : "";
  const times = passes > 1 ? ` ${passes} times in a row` : "";
  const still = quiet === undefined ? "" : `, and nothing else for ${duration(quiet)},`;
  return `${asked} answers ${status}${release}${times}${still} within ${duration(within)}, ${back}`;
}
