import { promote } from "@deploy/package";
import { loadConfig } from "@deploy/session";
import { openSource, stateReleaseTested } from "@deploy/session/packages";
import { configOptions } from "../database.ts";
import { reading } from "../failure.ts";
import { foldersFor } from "../io.ts";
import type { PackageOptions, PromoteOptions } from "../options.ts";
import type { Context } from "./context.ts";
import { identity, openEnvironment } from "./packages.ts";

/** Brings one version's packages from an environment's repository to another's: the same bytes, signed anew. */
export async function promoteCommand(
  version: string,
  { from, to, untested, ...options }: PromoteOptions,
  context: Context,
): Promise<number> {
  const { io, screen } = context;
  const config = await reading(() =>
    loadConfig({ ...configOptions({ ...options, environment: from }, io), overrides: {} }),
  );
  const { open } = await openEnvironment({ ...options, environment: to }, context);
  const source = await openSource(config, identity, foldersFor(io));
  const target = await open();
  try {
    const promoted = await promote(source, target, { version, untested });
    for (const { what, by } of promoted.tested) screen.say(`Tested: ${what}, by ${by}`);
    for (const { name } of promoted.stanzas) screen.say(`${name} ${version}: ${from} -> ${to}`);
    if (!promoted.changed) screen.say("It was there already.");
    screen.answer({ schema: 1, ...promoted });
    return 0;
  } finally {
    source.store.close();
    target.store.close();
  }
}

/** Signs, for `promote`, that this version's packages were tested here. */
export async function packageTestedCommand(
  version: string,
  options: PackageOptions,
  context: Context,
): Promise<number> {
  const { io, screen } = context;
  const { open } = await openEnvironment(options, context);
  const repository = await open();
  try {
    const { GITHUB_REPOSITORY: named, GITHUB_RUN_ID: run } = io.env;
    const by = run === undefined ? "a person" : `run ${run} of ${named}`;
    const tested = await stateReleaseTested(repository, version, by);
    for (const { sha256, name } of tested) screen.say(`Tested: ${name} ${version}  ${sha256}`);
    screen.answer({ schema: 1, tested });
    return 0;
  } finally {
    repository.store.close();
  }
}
