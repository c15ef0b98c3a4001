import type { Config } from "../../config/types.ts";

/** One thing that a host is asked by a command of ours, beside what the script of doctor reads anyway. */
export interface Question {
  readonly about: string;
  /** What it is called where it is not as it should be. */
  readonly level: "warn" | "stop";
  /**
   * POSIX sh that reads only, with `DEPLOY_TO`, `DEPLOY_CURRENT_PATH` and `DEPLOY_SHARED_PATH`. 0: as it should be; 69: nobody can
   * tell; anything else: it is not. On stderr `deploy: ` is what was found, `mend: ` what mends it, `alike: ` what hosts should have in common.
   */
  readonly run: string;
  /** Said where the command says nothing. */
  readonly good: string;
  /** What mends it where the command does not say. */
  readonly fix?: string;
}

/** What a host is to be asked, by whom the config puts there. */
export interface Asked {
  readonly config: Config;
  readonly host: string;
  /** Declared shared files that are not there. */
  readonly missing: readonly string[];
  /** By program, the version that the repository names: `node` is `20`. */
  readonly wanted: Readonly<Record<string, string>>;
}

/** Shell text that says what was found, and ends. What is in `$` is the shell's. */
export const not = (text: string, mend?: string) =>
  `{ echo "deploy: ${text}" >&2; ${mend === undefined ? "" : `echo "mend: ${mend}" >&2; `}exit 1; }`;

export const unsure = (text: string) => `{ echo "deploy: ${text}" >&2; exit 69; }`;
