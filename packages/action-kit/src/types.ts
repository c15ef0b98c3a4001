import type { Problem, Result } from "@deploy/core";
import type { GithubContext } from "./github.ts";
import type { Log } from "./log.ts";
import type { InputReader } from "./reader.ts";

/** One action: which inputs it has, how they become a value, and what is done with it. */
export interface Action<Inputs> {
  /** Every input of action.yml; others are refused. */
  readonly inputs: readonly string[];
  readonly read: (reader: InputReader) => Inputs;
  readonly main: (inputs: Inputs, context: ActionContext) => Promise<ActionResult>;
  /** Runs after the job, also after failure and cancellation: what it does must be idempotent. */
  readonly post?: (inputs: Inputs, context: ActionContext) => Promise<void>;
}

export interface ActionContext {
  readonly github: GithubContext;
  readonly log: Log;
  /** Aborted by the runner's first signal; about seven seconds are left then. */
  readonly signal: AbortSignal;
  /** RUNNER_TEMP: gone after the job. */
  readonly temporary: string;
  /** What a child process may see: no inputs, no runner tokens, no way to set our outputs. */
  readonly childEnvironment: Readonly<Record<string, string>>;
}

/** What an action says in the end; the kit writes it as log, annotations, summary, outputs and exit code. */
export interface ActionResult {
  readonly result: Result;
  readonly headline: string;
  readonly outputs: Readonly<Record<string, string>>;
  /** Markdown. */
  readonly summary?: string;
  readonly problems?: readonly Problem[];
  readonly warnings?: readonly string[];
}
