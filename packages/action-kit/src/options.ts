import type { LockOwner } from "@deploy/core";
import { type LogEvent, logEvents } from "./events.ts";
import { lockOwner } from "./github.ts";
import type { ConnectionInputs, Settings } from "./settings.ts";
import type { ActionContext } from "./types.ts";

/** What a session of packages/session is opened with, by shape. */
export interface SessionSettings extends Settings {
  readonly root: string;
  readonly connection: ConnectionInputs;
  readonly events: (event: LogEvent) => void;
  readonly signal: AbortSignal;
  readonly dryRun: boolean;
  readonly owner: LockOwner;
  readonly runUrl: string;
}

/** An action's inputs and surroundings as session options. `phase` is what the lock says its owner does. */
export function sessionSettings(
  inputs: { readonly settings: Settings; readonly connection: ConnectionInputs; readonly dryRun: boolean },
  context: ActionContext,
  phase: string,
): SessionSettings {
  return {
    ...inputs.settings,
    root: context.github.workspace,
    connection: inputs.connection,
    events: logEvents(context.log),
    signal: context.signal,
    dryRun: inputs.dryRun,
    owner: lockOwner(context.github, phase),
    runUrl: context.github.runUrl,
  };
}
