import { DeployErrors, makeProblem, stepEnvFile } from "@deploy/core";
import { consoleOn } from "@deploy/engine";
import type { ChoiceOptions } from "../dailyOptions.ts";
import { Misuse } from "../failure.ts";
import { atWork, withHosts } from "../hosts.ts";
import { signalOf } from "../io.ts";
import { plainText } from "../plain.ts";
import type { Context } from "./context.ts";

/** Ties this terminal to `console:` of the config, or a login shell, in the live folder of the leader or of the host that was chosen. */
export async function consoleCommand(options: ChoiceOptions, context: Context): Promise<number> {
  const { io, screen } = context;
  const { terminal } = io;
  if (terminal === undefined) throw misuse("deploy console needs a terminal", "`deploy exec` needs none.");
  return withHosts(options, "leader", context, async (reached) => {
    const { fleet, config, hosts, shown } = reached;
    const [host] = hosts;
    if (host === undefined || hosts.length > 1)
      throw misuse("a console is on one host", "Name one: --hosts NAME.");
    const busy = atWork(reached);
    if (busy !== undefined)
      screen.warn(
        plainText(`${busy} deploys meanwhile: this console stays in the release that is live now.`),
      );
    screen.warn(`${shown(host.name)}: ${config.console ?? "a login shell"}, in the live release`);
    const envFile = stepEnvFile(config);
    const command = {
      base: config.deployTo,
      ...(config.console === undefined ? {} : { run: config.console }),
      ...(envFile === undefined ? {} : { envFile }),
    };
    terminal.raw(true);
    try {
      const answer = await consoleOn(fleet, host.name, command, terminal, signalOf(io));
      if (answer.status !== "ok") throw new DeployErrors([answer.problem]);
      return answer.value;
    } finally {
      terminal.raw(false);
    }
  });
}

const misuse = (message: string, hint: string): Misuse =>
  new Misuse([makeProblem("argument-refused", message, { hint })]);
