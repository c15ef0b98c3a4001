import type { RemoteCommand } from "../command.ts";
import { scripts } from "../scripts.gen.ts";

/**
 * What a program of the runner's asks of a host, in the login's home folder: output and exit code are its own. `rehearses`: it only looks, so that a dry run has it
 * done.
 */
export function plainCommand(run: string, rehearses: boolean): RemoteCommand<number> {
  return {
    name: "plain",
    kind: rehearses ? "read" : "once",
    script: scripts.plain,
    args: [run],
    payload: true,
    rehearsal: "",
    parse: ({ code }) => code,
  };
}
