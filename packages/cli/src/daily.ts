import { type Command, InvalidArgumentError } from "commander";
import { consoleCommand } from "./commands/console.ts";
import type { Run } from "./commands/context.ts";
import { execCommand } from "./commands/exec.ts";
import { logsCommand } from "./commands/logs.ts";
import { type LoginOptions, nonEmpty, withLoginOptions } from "./options.ts";

/** Of the commands that choose servers. */
export interface ChoiceOptions extends LoginOptions {
  readonly roles?: string;
  readonly hosts?: string;
}

export interface ExecOptions extends ChoiceOptions {
  readonly all: boolean;
}

export interface LogsOptions extends ChoiceOptions {
  readonly follow: boolean;
  readonly lines?: number;
  /** Seconds. */
  readonly since?: number;
}

/** The commands of every day: none of them deploys. */
export function addDaily(program: Command, run: Run): void {
  withChoice(program.command("exec"))
    .argument("<command...>", "after `--`: `deploy exec -- bin/rails db:version`")
    .option("--all", "on every server", false)
    .description("run a command in the live release, on the leader unless told, with what steps get")
    .action((words: readonly string[], options: ExecOptions) =>
      run({}, (context) => execCommand(words, options, context)),
    );
  withChoice(program.command("console"))
    .description("sit at `console:` of the config, or a login shell, in the live release of the leader")
    .action((options: ChoiceOptions) => run({}, (context) => consoleCommand(options, context)));
  withChoice(program.command("logs"))
    .option("-f, --follow", "go on with what is written, until Ctrl-C", false)
    .option("-n, --lines <number>", "the last lines of each log (default: 100)", wholeNumber)
    .option("--since <age>", "of journals what is younger: 30s, 10m, 2h, 3d", ageInSeconds)
    .description("show the application's logs of every server, or of those that are chosen")
    .action((options: LogsOptions) => run({}, (context) => logsCommand(options, context)));
}

/** Which servers are meant, by role or by name. */
export function withChoice(command: Command): Command {
  return withLoginOptions(command)
    .option("--roles <roles>", "the servers that have one of these roles, `web,worker`", nonEmpty)
    .option("--hosts <names>", "these servers, `web1.example.com,web2.example.com`", nonEmpty);
}

function wholeNumber(value: string): number {
  if (!/^\d{1,9}$/.test(value)) throw new InvalidArgumentError("It is no whole number.");
  return Number(value);
}

const seconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

function ageInSeconds(value: string): number {
  const [, number, unit = ""] = /^(\d{1,6})([smhd])$/.exec(value) ?? [];
  if (number === undefined) throw new InvalidArgumentError("It is no age, such as 30s, 10m, 2h, 3d.");
  return Number(number) * (seconds[unit] ?? 1);
}
