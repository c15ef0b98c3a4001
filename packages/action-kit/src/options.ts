import { type LockOwner, type Milliseconds, type Secret, storeFolders } from "@deploy/core";
import { runApprovals } from "./approvals.ts";
import { type LogEvent, logEvents } from "./events.ts";
import { lockOwner } from "./github.ts";
import { runIsOver } from "./runIsOver.ts";
import type { ConnectionInputs, Settings } from "./settings.ts";
import type { ActionContext } from "./types.ts";

/** What a session of packages/session is opened with, by shape. */
export interface SessionSettings extends Settings {
  readonly root: string;
  readonly configText: string | undefined;
  readonly folders: ReturnType<typeof storeFolders>;
  readonly connection: ConnectionInputs;
  readonly events: (event: LogEvent) => void;
  readonly signal: AbortSignal;
  readonly dryRun: boolean;
  readonly owner: LockOwner;
  readonly runUrl: string;
  readonly mask: (secrets: readonly string[]) => void;
  readonly lockWait?: Milliseconds;
  readonly isOver?: (owner: LockOwner) => Promise<boolean>;
  readonly approvals?: ReturnType<typeof runApprovals>;
}

interface SessionInputs {
  readonly settings: Settings;
  readonly connection: ConnectionInputs;
  readonly dryRun: boolean;
  readonly lockWait?: Milliseconds;
  readonly githubToken?: Secret;
}

/**
 * An action's inputs and surroundings as session options. `phase` is what the lock says its owner does; `configText` the
 * config file, where an earlier job read it.
 */
export function sessionSettings(
  inputs: SessionInputs,
  context: ActionContext,
  phase: string,
  configText?: string,
): SessionSettings {
  const { github, log, signal } = context;
  const { lockWait, githubToken: token } = inputs;
  const note = (text: string): void => log.text(text);
  return {
    ...inputs.settings,
    root: github.workspace,
    configText,
    folders: storeFolders(github, configText === undefined ? "job" : "other job"),
    connection: inputs.connection,
    events: logEvents(log),
    signal,
    dryRun: inputs.dryRun,
    owner: lockOwner(github, phase),
    runUrl: github.runUrl,
    mask: (secrets) => log.mask(secrets),
    ...(lockWait === undefined ? {} : { lockWait }),
    ...(token === undefined
      ? {}
      : {
          isOver: runIsOver(github, { token, note, signal }),
          approvals: runApprovals(github, { token, note }),
        }),
  };
}
