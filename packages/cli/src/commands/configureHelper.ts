import { type Config, DeployError, filesOf, helperPath, list } from "@deploy/core";
import { configureHelper } from "@deploy/remote";
import { loadConfig } from "@deploy/session";
import { configOptions } from "../database.ts";
import { reading } from "../failure.ts";
import type { BackupsOptions } from "../options.ts";
import type { Context } from "./context.ts";

/** Prints what writes the files of level `apply` as root: for a person to read, and to install where they want it. */
export async function configureHelperCommand(
  options: BackupsOptions,
  { io, screen }: Context,
): Promise<number> {
  const config = await reading(() => loadConfig({ ...configOptions(options, io), overrides: {} }));
  const helpers = helpersOf(config);
  for (const { hosts, path, script, sudoers } of helpers)
    screen.say(`# On ${list(hosts)}, as root, once you have read it:
cat > ${path} <<'end of the helper'
${script}end of the helper
chown root:root ${path}
chmod 755 ${path}
cat > ${sudoers.file} <<'end of the line'
${sudoers.line}
end of the line
chmod 440 ${sudoers.file}
visudo -c -q -f ${sudoers.file}`);
  screen.answer({ schema: 1, helpers });
  return 0;
}

/** One for each login that deploys. */
function helpersOf(config: Config) {
  const files = filesOf(config).filter(({ level }) => level === "apply");
  if (files.length === 0)
    throw new DeployError("config-missing", "no file of `configure` is at level `apply`: nothing needs root");
  const path = helperPath(config);
  return [...new Set(config.hosts.map(({ username }) => username))].map((user) => ({
    hosts: config.hosts.filter(({ username }) => username === user).map(({ name }) => name),
    path,
    ...configureHelper({ path, user, base: config.deployTo, files }),
  }));
}
