import type { OutcomeStep } from "@deploy/core";
import { runUserCommand, type UserCommand } from "@deploy/remote";
import type { Answer } from "./ask.ts";
import { ask } from "./ask.ts";
import type { Context } from "./context.ts";
import { everyHost, watched } from "./fan.ts";
import type { Link } from "./fleet.ts";

/** A configured command on its hosts: each outcome carries the exit code that was read. */
export function runOnHosts(
  context: Context,
  step: OutcomeStep,
  command: { readonly run: string; readonly envFile?: string; readonly hosts: readonly string[] },
  directory: UserCommand["directory"],
): Promise<boolean> {
  const work = (link: Link) => runOn(context, link, step, command, directory);
  return everyHost(context, step, command.hosts, work, () => command.run);
}

export async function runOn(
  context: Context,
  link: Link,
  step: OutcomeStep,
  command: { readonly run: string; readonly envFile?: string },
  directory: UserCommand["directory"],
): Promise<Answer<number>> {
  const answer = await ask(
    link,
    runUserCommand({
      fence: context.fence(),
      release: context.plan.release,
      directory,
      run: command.run,
      step,
      ...(command.envFile === undefined ? {} : { envFile: command.envFile }),
    }),
    watched(context, link, step),
  );
  if (answer.status !== "ok") return answer;
  const exitCode = answer.value;
  return exitCode === 0
    ? { status: "ok", value: 0 }
    : { status: "failed", problem: exited(link, command.run, exitCode), exitCode };
}

function exited(link: Link, run: string, exitCode: number) {
  return {
    code: "command-failed" as const,
    message: `\`${run}\` exited ${exitCode}`,
    hint: "Its output is in the log above, under this host's name.",
    place: { host: link.host.name },
  };
}
