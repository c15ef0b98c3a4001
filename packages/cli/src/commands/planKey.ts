import { readFile } from "node:fs/promises";
import { DeployError } from "@deploy/core";
import { planKey } from "@deploy/remote";
import { loadConfig } from "@deploy/session";
import { pathOf } from "../credentials.ts";
import { configOptions } from "../database.ts";
import { reading } from "../failure.ts";
import type { BackupsOptions } from "../options.ts";
import type { Context } from "./context.ts";

/** Prints what makes a key one that may only look: a script for each server, and the line that names it. */
export async function planKeyCommand(
  file: string,
  options: BackupsOptions,
  { io, screen }: Context,
): Promise<number> {
  const { deployTo } = await reading(() => loadConfig({ ...configOptions(options, io), overrides: {} }));
  const { script, line } = planKey(deployTo, await readPublicKey(pathOf(file, io)));
  screen.say(`# On each server, as the user that deploys there:
mkdir -p ~/.ssh
cat > ~/.ssh/deploy-plan-key <<'end of the script'
${script}end of the script
cat >> ~/.ssh/authorized_keys <<'end of the line'
${line}
end of the line
chmod 700 ~/.ssh
chmod 600 ~/.ssh/deploy-plan-key ~/.ssh/authorized_keys`);
  screen.answer({ schema: 1, script, line });
  return 0;
}

async function readPublicKey(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    throw new DeployError("identity-missing", `${path} cannot be read`, { place: { file: path }, cause });
  }
}
