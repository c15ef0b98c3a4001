import { count, list } from "../plan/words.ts";
import { commandBrief, commandSteps, commandWords, type StepCommand } from "./command.ts";
import type { Around, Asked, OnHosts, StepKind } from "./kind.ts";
import { type Requirement, requirementOf } from "./requirement.ts";
import { serviceTests } from "./service.ts";

export interface PrepareStep extends StepCommand {
  readonly requirement?: Requirement;
}

/** A command in the new release's folder, before anybody switches. */
export const prepare: StepKind<PrepareStep, "nothing"> = {
  stage: "prepare",
  effect: "nothing",
  shell: "Run it where the release is built (`build`), so that what it makes is packed.",
  lasts: false,
  plan: (asked) => [...prepareSteps(asked), ...serviceTests(asked)],
  words: (step, around) => `in the new release folder${commandWords(step)}${reuseWords(step, around)}`,
  brief: (step, style, around) =>
    [commandBrief(step, style), style.plain(reuseWords(step, around))].filter((part) => part !== "").join(""),
  commands: ({ run, shown = run }) => [shown],
  headline: (steps) => count(steps.length, "prepare command"),
};

function prepareSteps(asked: Asked): readonly (PrepareStep & OnHosts)[] {
  const { prepare: commands } = asked.fleet.config;
  return commandSteps(commands, asked).map((step, at) => {
    const command = commands[at];
    const requirement = command === undefined ? undefined : requirementOf(command);
    return requirement === undefined ? step : { ...step, requirement };
  });
}

/** Which hosts need not run it; what they know of their tools and files they say when it comes to that. */
function reuseWords({ run, requirement, hosts }: PrepareStep & OnHosts, { reuses = [] }: Around): string {
  if (requirement === undefined) return "";
  const made = `, makes ${list(requirement.makes)}`;
  const own = reuses.filter((reuse) => reuse.run === run && hosts.includes(reuse.host));
  const since = [...new Set(own.map((reuse) => reuse.since))].map((release) => {
    const those = own.filter((reuse) => reuse.since === release).map(({ host }) => host);
    return `; ${list(those)}: unchanged since ${release}, reused where tools and environment are the same`;
  });
  return made + since.join("");
}
