import type { Migrate } from "../config/types.ts";
import { afterCommand } from "../plan/floor.ts";
import type { StepKind } from "./kind.ts";
import { limitWords } from "./migrate.ts";

/** What only the new release can live with: once, on the leader, when every host has proved it. No way leads below it then. */
export const after: StepKind<Omit<Migrate, "after" | "compatible">, "data"> = {
  stage: "finish",
  effect: "data",
  shell: "Run it in a job that reaches the database, after this one.",
  lasts: true,
  noun: "migration",
  closes: true,
  plan({ fleet: { config }, plan, hosts }) {
    const { migrate } = config;
    const run = afterCommand(config);
    if (plan !== "deploy" || migrate === undefined || run === undefined) return [];
    const { after: _, compatible: __, ...settings } = migrate;
    return [{ ...settings, hosts: hosts.filter((host) => host === config.leader), run }];
  },
  words: (step) =>
    [
      "once, now that every host has proved the release: from then on no rollback goes to an older one",
      ...limitWords(step),
    ].join("; "),
  commands: ({ run }) => [run],
  headline: () => "migration after it",
};
