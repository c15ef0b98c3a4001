import { duration } from "../amounts.ts";
import type { Migrate } from "../config/types.ts";
import { commandBrief, envWords } from "./command.ts";
import type { StepKind } from "./kind.ts";

/** The migration: once per release, on the leader, as a job that outlives the connection. */
export const migrate: StepKind<Omit<Migrate, "after">, "data"> = {
  stage: "data",
  effect: "data",
  shell: "Run it in a job that reaches the database, before this one.",
  lasts: true,
  noun: "migration",
  plan({ fleet: { config }, hosts }) {
    return config.migrate === undefined
      ? []
      : [{ hosts: hosts.filter((host) => host === config.leader), ...withoutAfter(config.migrate) }];
  },
  words: (step) => [`once, in the new release folder${envWords(step)}`, ...limitWords(step)].join("; "),
  brief: ({ envFile, compatible }, style) =>
    [
      commandBrief({ run: "", ...(envFile === undefined ? {} : { envFile }) }, style),
      ...compatibleWords({ ...(compatible === undefined ? {} : { compatible }) }),
    ]
      .filter((part) => part !== "")
      .join("; "),
  commands: ({ run, diagnose }) =>
    diagnose === undefined ? [run] : [run, `${diagnose} # only when it is silent`],
  headline: () => "migration",
};

function withoutAfter({ after: _, ...migrate }: Migrate): Omit<Migrate, "after"> {
  return migrate;
}

/** What becomes of it when nobody waits for it any longer, and when that is. */
export function limitWords(step: Omit<Migrate, "after">): readonly string[] {
  const { onCancel, grace, silence, timeout, silenceTimeout } = step;
  const limits = [
    timeout === undefined ? "" : `after ${duration(timeout)}`,
    silenceTimeout === undefined ? "" : `after ${duration(silenceTimeout)} without output`,
  ].filter((limit) => limit !== "");
  return [
    ...compatibleWords(step),
    onCancel === "keep"
      ? "a cancelled run leaves it running"
      : `a cancelled run ends it (TERM, after ${duration(grace)} KILL)`,
    `${duration(silence)} without output are reported`,
    ...(limits.length === 0
      ? []
      : [`${onCancel === "keep" ? "the run stops waiting" : "the run ends it"} ${limits.join(" or ")}`]),
  ];
}

function compatibleWords({ compatible }: Pick<Migrate, "compatible">): readonly string[] {
  return compatible === true ? ["the release before is said to work with it"] : [];
}
