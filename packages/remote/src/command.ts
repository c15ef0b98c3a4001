import type { Ask } from "./ask.ts";

/** What one command printed and how it ended; only `exited` carries a code that was really read. */
export type ExecResult = Ended & {
  /** Captured text, at most the transport's cap; `dropped` bytes beyond it were not kept. */
  readonly stdout: string;
  readonly stderr: string;
  readonly dropped: number;
};

export type Ended =
  | { readonly status: "exited"; readonly code: number }
  | { readonly status: "signalled"; readonly signal: string }
  /** The connection was lost or no status came: the command may or may not have run to its end. */
  | {
      readonly status: "unknown";
      readonly reason: string;
      /** The server opened no channel: nothing ran, and the connection stands. */
      readonly refused?: true;
    };

/**
 * A command as a value: text is made from it in one place (`render`), tests compare it whole.
 * `read` and `idempotent` may be retried; `once` never is.
 */
export interface RemoteCommand<T> {
  /** Noun and verb, for logs and recordings: `flip`, `lock acquire`. */
  readonly name: string;
  readonly kind: "read" | "idempotent" | "once";
  /** POSIX sh from scripts/, ending in `main "$@"`. */
  readonly script: string;
  readonly args: readonly string[];
  /** The same, for a server that runs no script and has it done over its files. Absent: that cannot be had there. */
  readonly ask?: Ask;
  /** True: bytes follow on stdin (see Transport.exec's `input`) and the script reads them. */
  readonly payload: boolean;
  /** What stdout would be on success: the answer of a dry run. */
  readonly rehearsal: string;
  /** Reads the answer; throws a DeployError that names the cause for every other exit. */
  readonly parse: (result: ExecResult & { status: "exited" }) => T;
}

/** An HTTP request made on the host itself. */
export interface HttpProbe {
  readonly url: string;
  /** Where the host connects to, without brackets: the URL's own name is only said. */
  readonly address: string;
  /** `Name: value`, each in printable ASCII without `'`, `!` and backslash. Absent: none. */
  readonly headers?: readonly string[];
  readonly timeout: number;
  /** The answer of a dry run. */
  readonly rehearsal: HttpAnswer;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** At most 64 KiB. */
  readonly body: string;
}
