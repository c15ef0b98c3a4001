import { makeProblem } from "@deploy/core";
import { runUserCommand, type UserCommand } from "@deploy/remote";
import type { Context } from "../context.ts";
import { type Answer, ask, failed } from "../hosts/ask.ts";
import { watched } from "../hosts/fan.ts";
import type { Link } from "../hosts/fleet.ts";
import type { Of } from "../ledger.ts";

/** A configured command on one host: ok where it exited with 0. */
export async function runOn(
  context: Context,
  link: Link,
  of: Of,
  { run, envFile }: { readonly run: string; readonly envFile?: string },
  directory: UserCommand["directory"],
): Promise<Answer<number>> {
  const command = runUserCommand({
    fence: context.fence(),
    release: context.plan.release,
    directory,
    run,
    step: of.step,
    ...(envFile === undefined ? {} : { envFile }),
  });
  const answer = await ask(link, command, watched(context, link, of));
  if (answer.status !== "ok" || answer.value === 0) return answer;
  const exitCode = answer.value;
  return { ...failed(link, makeProblem("command-failed", `\`${run}\` exited ${exitCode}`)), exitCode };
}
