import { type Command, InvalidArgumentError } from "commander";
import { consoleCommand } from "./commands/console.ts";
import type { Run } from "./commands/context.ts";
import { envListCommand, envSetCommand, envUnsetCommand } from "./commands/env.ts";
import { execCommand } from "./commands/exec.ts";
import { logsCommand } from "./commands/logs.ts";
import { maintenanceCommand } from "./commands/maintenance.ts";
import { openCommand } from "./commands/open.ts";
import type { UiOptions } from "./commands/ui.ts";
import type {
  ChoiceOptions,
  EnvOptions,
  ExecOptions,
  LogsOptions,
  MaintenanceOptions,
} from "./dailyOptions.ts";
import { type BackupsOptions, withConfigOptions, withFleetOptions, withLoginOptions } from "./options.ts";
import { nonEmpty } from "./optionValues.ts";

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
  addEnv(program.command("env").description("the application's environment file on the servers"), run);
  addMaintenance(
    program.command("maintenance").description("show visitors a page instead of the application"),
    run,
  );
  withFleetOptions(program.command("ui"))
    .option("--port <number>", "where to listen on this machine (default: a free one)", wholeNumber, 0)
    .description("serve the status page to your browser, with what this desk runs as it goes on")
    .action((options: UiOptions) =>
      run(options, async (context) => (await import("./commands/ui.ts")).uiCommand(options, context)),
    );
  withConfigOptions(program.command("open"))
    .description("print the environment's `url`, and open it where somebody sits before a screen")
    .action((options: BackupsOptions) => run(options, (context) => openCommand(options, context)));
}

function addEnv(env: Command, run: Run): void {
  const withFile = (command: Command): Command =>
    withLoginOptions(command)
      .option(
        "--file <path>",
        "another file below shared/ (default: the one that commands load, else .env)",
        nonEmpty,
      )
      .option("--json", "print one JSON document on stdout", false);
  withFile(env.command("list"))
    .description("name what it sets, and where servers differ; never a value")
    .action((options: EnvOptions) => run(options, (context) => envListCommand(options, context)));
  withFile(env.command("set"))
    .argument("[name]", "its value is typed, and not shown, or piped in; never an argument")
    .option("--from <file>", "set every variable of this file of `NAME=value` lines instead", nonEmpty)
    .description("set variables on every server, or on none")
    .action((name: string | undefined, options: EnvOptions & { from?: string }) =>
      run(options, (context) => envSetCommand(name, options, context)),
    );
  withFile(env.command("unset"))
    .argument("<name...>", "what it shall not set any more")
    .description("remove variables on every server, or on none")
    .action((names: readonly string[], options: EnvOptions) =>
      run(options, (context) => envUnsetCommand(names, options, context)),
    );
}

function addMaintenance(maintenance: Command, run: Run): void {
  for (const what of ["on", "off"] as const) {
    const command = withLoginOptions(maintenance.command(what)).option(
      "--json",
      "print one JSON document on stdout",
      false,
    );
    if (what === "on") command.option("--message <text>", "what the page says", nonEmpty);
    command
      .description(what === "on" ? "put the page up, on every server" : "take it down")
      .action((options: MaintenanceOptions) =>
        run(options, (context) => maintenanceCommand(what, options, context)),
      );
  }
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
