import { findAnswer } from "../answer.ts";
import { checkBase, checkPath } from "../check.ts";
import type { RemoteCommand } from "../command.ts";
import { scripts } from "../scripts.gen.ts";

export interface ExecCommand {
  readonly base: string;
  /** Below shared/. */
  readonly envFile?: string;
  readonly run: string;
}

/**
 * A person's command in the live release's folder, with what the commands of the config find around them; neither lock nor fence. As with
 * `runUserCommand`, output and exit code are its own. `tied`: the end of stdin ends it with all that it started (TERM, and
 * KILL after three seconds; 143). `fed`: stdin is its own, and `endCommand` or the end of `holdCommand`'s stdin with the same id (hex) ends it. `reading`: as tied, in
 * deploy-to, also where nothing is live.
 */
export function execCommand(
  { base, envFile, run }: ExecCommand,
  { id, how }: { readonly id: string; readonly how: "tied" | "fed" | "reading" },
): RemoteCommand<number> {
  return {
    name: "exec",
    kind: "once",
    script: scripts.exec,
    args: [checkBase(base), envOf(envFile), how, id, run],
    payload: true,
    rehearsal: "",
    parse: (result) => {
      const refusal = result.code === 0 ? undefined : findAnswer(result.stderr, result.code)?.refusal;
      if (refusal !== undefined) throw refusal;
      return result.code;
    },
  };
}

/** Comes back once nothing of it lives. */
export const endCommand = (base: string, id: string): RemoteCommand<void> => ending(base, "end", id);

/** Ends it when its own stdin ends, be it with the connection. */
export const holdCommand = (base: string, id: string): RemoteCommand<void> => ending(base, "hold", id);

function ending(base: string, how: "end" | "hold", id: string): RemoteCommand<void> {
  return {
    name: `exec ${how}`,
    kind: "idempotent",
    script: scripts.exec,
    args: [checkBase(base), "-", how, id, "-"],
    payload: true,
    rehearsal: "",
    parse: () => undefined,
  };
}

/** Stays with a person's terminal (`Transport.interact`); without `run`, the login shell. Refusals are printed there. */
export function consoleCommand({
  base,
  envFile,
  run,
}: Omit<ExecCommand, "run"> & { readonly run?: string }): RemoteCommand<number> {
  return {
    name: "console",
    kind: "once",
    script: scripts.console,
    args: [checkBase(base), envOf(envFile), run ?? "-"],
    payload: true,
    rehearsal: "",
    parse: ({ code }) => code,
  };
}

const envOf = (file: string | undefined): string => (file === undefined ? "-" : checkPath(file));
