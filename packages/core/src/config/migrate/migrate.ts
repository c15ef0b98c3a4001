import * as z from "zod";
import { input, section } from "../section.ts";
import { envFile } from "../values/command.ts";
import { duration } from "../values/duration.ts";
import { command, flag } from "../values/leaves.ts";
import { mapping } from "../values/mapping.ts";

const ends = ["keep", "terminate"] as const;
const endPhrase = "keep or terminate";

const keys = {
  run: command().describe("The command, run once, on the leader; it outlives the connection."),
  "env-file": envFile(),
  "on-cancel": z
    .enum(ends, { error: endPhrase })
    .prefault("keep")
    .describe("A cancelled run leaves it running, and its lock held, or ends it and all it started."),
  grace: duration().prefault("10s").describe("With `terminate`: the time between TERM and KILL."),
  silence: duration().prefault("5m").describe("How long without output until that is reported."),
  compatible: flag()
    .optional()
    .describe(
      "`true`: somebody made sure that the release before works with the database after it, as it must while hosts switch in waves. Without, the plan warns.",
    ),
  after: command()
    .optional()
    .describe(
      "Run once, on the leader, when every host has proved the release: what only the new one can live with (dropping a column). From then on no rollback goes to an older release.",
    ),
  diagnose: command()
    .optional()
    .describe("Asked on the leader when the migration is silent; what it prints (who blocks it) is shown."),
  timeout: duration()
    .optional()
    .describe("How long the run waits for it; then as `on-cancel` says. Without: as long as it takes."),
  "silence-timeout": duration()
    .optional()
    .describe("The same, counted from its last output. Without: as long as it takes."),
};
const job = mapping(keys).meta({
  title: "migrate",
  description: "The migration, when it needs more than its text.",
});

/** The migration: once per release, on the leader, as a job that outlives the connection. Times in milliseconds. */
export type Migrate = z.output<typeof job>;

export const migrate = section({
  keys: {
    migrate: z
      .union(
        [
          command()
            .transform((run) => ({ run }))
            .pipe(job),
          job,
        ],
        {
          error: `a command, or a mapping with ${Object.keys(keys).join(", ")}`,
        },
      )
      .optional()
      .describe("The migration, run once, on the leader."),
  },
  word: "run",
  phrases: { [endPhrase]: { near: ends } },
  inputs: {
    migrate: input("text", "migrate.run", "Command run once, on the leader."),
    "migrate-env-file": input(
      "text",
      "migrate.env-file",
      "File of `NAME=value` lines below `shared/`, loaded into its environment.",
    ),
  },
});
