import { hostsWith } from "../../plan/fleet.ts";
import type { Asked, Question } from "./question.ts";

/** Whether what serves the app can be told of a release: the checks that a deploy makes, too. */
export function services({ config, host }: Asked): readonly Question[] {
  return (config.activate.service ?? [])
    .filter(({ roles }) => hostsWith(config, roles).includes(host))
    .map(({ commands: { name, check = ":", journal } }) => ({
      ...{ about: name, level: "stop", run: check },
      good: "it can be told of a release",
      ...(journal && {
        fix: `look at it there: systemctl ${journal.user ? "--user " : ""}status ${journal.unit}`,
      }),
    }));
}
