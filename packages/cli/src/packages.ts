import type { Command } from "commander";
import type { Run } from "./commands/context.ts";
import type { PackageOptions, PackOptions, PromoteOptions } from "./options.ts";
import { defaultConfig, withConfigOptions, withPackOptions } from "./options.ts";
import { nonEmpty } from "./optionValues.ts";

/** `deploy package …` and `deploy promote`; what they do is loaded when they are called. */
export function addPackages(program: Command, run: Run): void {
  const packages = program
    .command("package")
    .description("releases as Debian packages, and the signed repository hosts install them from");
  const load = () => import("./commands/packages.ts");
  const made = {
    build: "build this folder and write its packages",
    publish: "the same, and publish them in the repository",
  } as const;
  for (const to of ["build", "publish"] as const) {
    withKey(withPackOptions(withConfigOptions(packages.command(to))))
      .description(made[to])
      .option("--out <folder>", "where the packages are written; `dist` unless told", nonEmpty)
      .action((options: PackageOptions & PackOptions) =>
        run(options, async (context) => (await load()).packageCommand(to, options, context)),
      );
  }
  withKey(withConfigOptions(packages.command("key")))
    .description("print the certificate of the key, its fingerprint, and the file for apt on hosts")
    .action((options: PackageOptions) =>
      run(options, async (context) => (await load()).packageKeyCommand(options, context)),
    );
  withKey(withConfigOptions(packages.command("list")))
    .description("list what the repository's index names")
    .action((options: PackageOptions) =>
      run(options, async (context) => (await load()).packageListCommand(options, context)),
    );
  withKey(withConfigOptions(packages.command("prune")))
    .description("take old releases out of the index, and out of the store what no index names")
    .action((options: PackageOptions) =>
      run(options, async (context) => (await load()).packagePruneCommand(options, context)),
    );
  withKey(withConfigOptions(packages.command("tested")))
    .argument("<version>", "id of the release")
    .description("sign that this version was tested here: what `deploy promote` asks for")
    .action((version: string, options: PackageOptions) =>
      run(options, async (context) =>
        (await import("./commands/promote.ts")).packageTestedCommand(version, options, context),
      ),
    );
  withKey(program.command("promote"))
    .argument("<version>", "id of the release")
    .option("-c, --config <file>", "the config that is meant", nonEmpty, defaultConfig)
    .option("--json", "print one JSON document on stdout", false)
    .description("bring a version's packages from one environment's repository to another's, byte by byte")
    .requiredOption("--from <environment>", "whose repository they are in, and whose tests count", nonEmpty)
    .requiredOption("--to <environment>", "whose repository they go to, and whose key signs", nonEmpty)
    .option("--untested", "although nothing signed says that they were tested", false)
    .action((version: string, options: PromoteOptions) =>
      run(options, async (context) =>
        (await import("./commands/promote.ts")).promoteCommand(version, options, context),
      ),
    );
}

function withKey(command: Command): Command {
  return command.option(
    "--signing-key <file>",
    "private key of the environment, PEM; or the variable DEPLOY_PACKAGE_KEY holds it",
    nonEmpty,
  );
}
