import type { Command } from "commander";
import { consoleCommand } from "./commands/console.ts";
import type { Run } from "./commands/context.ts";
import { execCommand } from "./commands/exec.ts";
import { type LoginOptions, nonEmpty, withLoginOptions } from "./options.ts";

/** Of the commands that choose servers. */
export interface ChoiceOptions extends LoginOptions {
  readonly roles?: string;
  readonly hosts?: string;
}

export interface ExecOptions extends ChoiceOptions {
  readonly all: boolean;
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
}

/** Which servers are meant, by role or by name. */
export function withChoice(command: Command): Command {
  return withLoginOptions(command)
    .option("--roles <roles>", "the servers that have one of these roles, `web,worker`", nonEmpty)
    .option("--hosts <names>", "these servers, `web1.example.com,web2.example.com`", nonEmpty);
}
