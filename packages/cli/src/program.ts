import { Argument, Command, CommanderError } from "commander";
import { backupCommand } from "./commands/backup.ts";
import { backupsCommand } from "./commands/backups.ts";
import { completionFor, shells } from "./commands/completion.ts";
import { configureHelperCommand } from "./commands/configureHelper.ts";
import type { Run } from "./commands/context.ts";
import { freezeCommand, unfreezeCommand } from "./commands/freeze.ts";
import type { InitOptions } from "./commands/init.ts";
import { inventoryCommand } from "./commands/inventory.ts";
import { keygenCommand } from "./commands/keygen.ts";
import { leftoversCommand } from "./commands/leftovers.ts";
import { planCommand } from "./commands/plan.ts";
import { planKeyCommand } from "./commands/planKey.ts";
import { reconcileCommand } from "./commands/reconcile.ts";
import { removeCommand } from "./commands/remove.ts";
import { restoreCommand } from "./commands/restore.ts";
import { rollbackCommand } from "./commands/rollback.ts";
import { runCommand } from "./commands/run.ts";
import { statusCommand } from "./commands/status.ts";
import { unlockCommand } from "./commands/unlock.ts";
import { addDaily } from "./daily.ts";
import { tellFailure } from "./failure.ts";
import type { Io } from "./io.ts";
import type {
  AssetsOptions,
  BackupOptions,
  BackupsOptions,
  ChangeOptions,
  FleetOptions,
  InventoryOptions,
  PlanOptions,
  ReconcileOptions,
  RestoreOptions,
  RollbackOptions,
  RunOptions,
  StatusOptions,
} from "./options.ts";
import {
  withAssetsOptions,
  withBackupOptions,
  withBackupsOptions,
  withChangeOptions,
  withConfigOptions,
  withFleetOptions,
  withForceOption,
  withLockOptions,
  withMigrationOptions,
  withPackOptions,
  withRestoreOptions,
  withTakeOverOption,
  withWithout,
  withYes,
} from "./options.ts";
import { nonEmpty } from "./optionValues.ts";
import { addPackages } from "./packages.ts";
import { projectOf } from "./project.ts";
import { openScreen } from "./screen.ts";
import { version } from "./version.ts";

/** The `deploy` command as a function: arguments and the outside in, exit code out. Never rejects. */
export async function main(argv: readonly string[], outside: Io): Promise<number> {
  const io = { ...outside, cwd: projectOf(outside.cwd), calledIn: outside.cwd };
  let exitCode = 0;
  const run: Run = async (options, work) => {
    const screen = openScreen(io, { json: options.json === true });
    try {
      exitCode = await work({ io, screen, now: new Date() });
    } catch (error) {
      exitCode = tellFailure(error, screen, io.signal?.aborted === true);
    }
  };
  try {
    await programFor(io, run).parseAsync([...argv], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) return tellFailure(error, openScreen(io, { json: false }));
    // Help and version are what was asked for; everything else commander throws is a mistake in the command line.
    return error.exitCode === 0 ? 0 : 2;
  }
  return exitCode;
}

export function programFor(io: Io, run: Run): Command {
  const program = new Command("deploy")
    .description("Ships an app to your own servers: all of them, or none.")
    .version(version(), "-V, --version", "print the version")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .showSuggestionAfterError()
    .showHelpAfterError("Try `deploy help`, or the command with --help.")
    .addHelpText("after", exitCodeHelp);
  addCommands(program, run);
  addAudit(program, run);
  addAssets(program, run);
  addBackups(program, run);
  addPackages(program, run);
  addRepairs(program, run);
  addDaily(program, run);
  program
    .command("completion")
    .description("print what your shell reads to complete this command")
    .addArgument(new Argument("<shell>", "as in `source <(deploy completion bash)`").choices(shells))
    .action((shell: (typeof shells)[number]) => void io.stdout.write(completionFor(shell, program)));
  return program;
}

function addCommands(program: Command, run: Run): void {
  program
    .command("init")
    .description("write .github/deploy.yml, two workflows and DEPLOY.md, and say what is left to do")
    .option("--hosts <names>", "the servers: deploy@web1.example.com,web2.example.com")
    .option("--domain <name>", "the name that visitors type")
    .option("--app <name>", "name of the app (default: the folder's)")
    .option("--stack <name>", "what it is, where the repository does not say")
    .option(
      "--server",
      "print the script that prepares a server instead; an administrator reads it and runs it once",
    )
    .option(
      "--keys",
      "make the key, collect the servers' host keys, and hand both to GitHub once you have compared them",
    )
    .option("--key <file>", "with --server: the public key that deploys")
    .action((options: InitOptions) =>
      run({}, async (context) => (await import("./commands/init.ts")).initCommand(options, context)),
    );
  const planning = (name: string) =>
    withForceOption(withTakeOverOption(withPackOptions(withFleetOptions(program.command(name)))));
  planning("plan")
    .description("read the servers and show what would be done")
    .action((options: PlanOptions) => run(options, (context) => planCommand(options, context)));
  withConfigOptions(program.command("plan-key"))
    .argument("<public-key>", "file of the public key that plans, `.pub`")
    .description("print what makes it a key that may look at the servers and do nothing else there")
    .action((file: string, options: BackupsOptions) =>
      run(options, (context) => planKeyCommand(file, options, context)),
    );
  withConfigOptions(program.command("inventory"))
    .description("print the servers of an environment as Ansible reads them; no server is asked")
    .option("--list", "all of them, as without it")
    .option("--host <name>", "what the list does not say of one: nothing")
    .action((options: InventoryOptions) => run(options, (context) => inventoryCommand(options, context)));
  withConfigOptions(program.command("configure-helper"))
    .description("print what writes servers' own files as root, and its line of sudoers, for you to install")
    .action((options: BackupsOptions) => run(options, (context) => configureHelperCommand(options, context)));
  withMigrationOptions(withLockOptions(withChangeOptions(planning("run"))))
    .description("deploy this folder")
    .action((options: RunOptions) => run(options, (context) => runCommand(options, context)));
  withFleetOptions(program.command("status"))
    .description("show what every server serves, who holds the lock, and what runs")
    .option("--html <file>", "write it as a page for browsers, too: one file that asks for nothing", nonEmpty)
    .option(
      "--publish [address]",
      "write it to a store, with an index, a feed, badges and JSON: where the config's `status` says, or there",
    )
    .option("--redact-hosts", "on the page: `host 1`, `host 2` for their names", false)
    .option(
      "--verify",
      "hold every file of what is live against what was sent: what was changed by hand",
      false,
    )
    .action((options: StatusOptions) => run(options, (context) => statusCommand(options, context)));
  withFleetOptions(program.command("history"))
    .description("show what went live and what went back, and when, by what the servers wrote down")
    .action((options: FleetOptions) =>
      run(options, async (context) =>
        (await import("./commands/history.ts")).historyCommand(options, context),
      ),
    );
  withWithout(
    withLockOptions(withChangeOptions(withTakeOverOption(withFleetOptions(program.command("rollback"))))),
  )
    .argument("[release]", "where to; without it, the good release before the live one")
    .description("switch every server back")
    .action((release: string | undefined, options: RollbackOptions) =>
      run(options, (context) => rollbackCommand(release, options, context)),
    );
}

function addAudit(program: Command, run: Run): void {
  const audit = program.command("audit").description("the records that are kept of runs");
  withConfigOptions(audit.command("verify"))
    .description("hold every record against its chain: names the first that was changed, is missing or moved")
    .action((options: BackupsOptions) =>
      run(options, async (context) =>
        (await import("./commands/audit.ts")).auditVerifyCommand(options, context),
      ),
    );
}

function addAssets(program: Command, run: Run): void {
  const assets = program
    .command("assets")
    .description("compile, fingerprint and publish what `assets` names");
  const phases = {
    all: "build, then publish (the default)",
    build: "write the output folder and publish nothing",
    publish: "publish what an earlier build left in the output folder",
  } as const;
  for (const phase of ["all", "build", "publish"] as const) {
    withAssetsOptions(assets.command(phase, phase === "all" ? { isDefault: true } : {}))
      .description(phases[phase])
      .action((options: AssetsOptions) =>
        run(options, async (context) =>
          (await import("./commands/assets.ts")).assetsCommand(phase, options, context),
        ),
      );
  }
}

function addBackups(program: Command, run: Run): void {
  withBackupOptions(program.command("backup"))
    .description("back up the database now, prove the backup, and keep it in the store")
    .action((options: BackupOptions) => run(options, (context) => backupCommand(options, context)));
  program
    .command("keygen")
    .description("print a new key pair that signs backups, and where each half goes")
    .option("--json", "print one JSON document on stdout", false)
    .action((options: { readonly json: boolean }) => run(options, (context) => keygenCommand(context)));
  withBackupsOptions(program.command("backups"))
    .description("list what the store holds")
    .action((options: BackupsOptions) => run(options, (context) => backupsCommand(options, context)));
  withRestoreOptions(program.command("restore"))
    .argument("<backup>", "its id, or `latest`")
    .description("bring a backup back: beside what is there, or with --confirm in its place")
    .action((id: string, options: RestoreOptions) =>
      run(options, (context) => restoreCommand(id, options, context)),
    );
  withYes(withBackupOptions(program.command("leftovers")))
    .argument("[name]", "the one to remove, for good; without it they are listed")
    .description(
      "what restores left beside the database: what was there before, copies that never took its place",
    )
    .action((name: string | undefined, options: BackupOptions & ChangeOptions) =>
      run(options, (context) => leftoversCommand(name, options, context)),
    );
}

function addRepairs(program: Command, run: Run): void {
  withFleetOptions(program.command("doctor"))
    .description("look at servers and address for what breaks deploys; changes nothing")
    .action((options: FleetOptions) =>
      run(options, async (context) => (await import("./commands/doctor.ts")).doctorCommand(options, context)),
    );
  const following = withTakeOverOption(withPackOptions(withFleetOptions(program.command("reconcile"))));
  withLockOptions(withChangeOptions(following))
    .description("bring late, repaired or new servers to what the others serve")
    .action((options: ReconcileOptions) => run(options, (context) => reconcileCommand(options, context)));
  withChangeOptions(withFleetOptions(program.command("unlock")))
    .description("take the lock from a run that will not give it back; shows first what that breaks")
    .action((options: FleetOptions & ChangeOptions) =>
      run(options, (context) => unlockCommand(options, context)),
    );
  withChangeOptions(withFleetOptions(program.command("remove")))
    .description("take a preview away: its folder on every server, uploads and all")
    .action((options: FleetOptions & ChangeOptions) =>
      run(options, (context) => removeCommand(options, context)),
    );
  withFleetOptions(program.command("freeze"))
    .argument("<reason...>", "why; whoever tries to deploy is told")
    .description("let nobody deploy until `deploy unfreeze`")
    .action((reason: readonly string[], options: FleetOptions) =>
      run(options, (context) => freezeCommand(reason, options, context)),
    );
  withFleetOptions(program.command("unfreeze"))
    .description("let people deploy again")
    .action((options: FleetOptions) => run(options, (context) => unfreezeCommand(options, context)));
}

const exitCodeHelp = `
Exit codes: 0 deployed, or nothing to do · 1 failed, nothing changed · 2 wrong options or config
            3 all servers are back on the old release · 4 look at it: servers differ or are unknown
            5 somebody else is deploying · 6 held for a person · 130 cancelled`;
