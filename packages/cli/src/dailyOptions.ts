import type { LoginOptions } from "./options.ts";

/** Of the commands that choose servers. */
export interface ChoiceOptions extends LoginOptions {
  readonly roles?: string;
  readonly hosts?: string;
}

export interface ExecOptions extends ChoiceOptions {
  readonly all: boolean;
}

export interface LogsOptions extends ChoiceOptions {
  readonly follow: boolean;
  readonly lines?: number;
  /** Seconds. */
  readonly since?: number;
}

/** Of the commands that see or change the environment file on every server. */
export interface EnvOptions extends LoginOptions {
  readonly file?: string;
  readonly json: boolean;
}

export interface MaintenanceOptions extends LoginOptions {
  readonly message?: string;
  readonly json: boolean;
}
