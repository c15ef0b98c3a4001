import { type Backup, isThrownAway, Secret, storeFolders } from "@deploy/core";
import type { Connect } from "@deploy/transport";
import type { Desk } from "./terminal.ts";

/** Where text goes: a process's stream, or a test's list of strings. */
export interface Output {
  /** `done` is told when it was taken, or why it could not be. */
  write(text: string | Uint8Array, done?: (error?: Error | null) => void): unknown;
  readonly isTTY?: boolean | undefined;
}

/** What people and programs type. */
export type Typed = NodeJS.ReadableStream & {
  readonly isTTY?: boolean | undefined;
  destroy?(): unknown;
};

/** Everything outside that a command may touch; `main` knows no global. */
export interface Io {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly stdin: Typed;
  /** Where somebody sits at both ends of it. */
  readonly terminal?: Desk | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where files are that the config names: the project's folder, once `main` has found it. */
  readonly cwd: string;
  /** Where the command was given, and what is named on its line is; `cwd` unless told. */
  readonly calledIn?: string;
  /** Aborted by the first Ctrl-C: nothing new is started, the truth is still read and told. */
  readonly signal?: AbortSignal;
  /** What the first Ctrl-C says from now on, where that is not the end of a run. */
  readonly sayAtInterrupt?: (words: string) => void;
  /** Replaces ssh, for tests. */
  readonly connect?: Connect;
}

/** The signal of this run; one that never fires where none was given. */
export function signalOf(io: Io): AbortSignal {
  return io.signal ?? new AbortController().signal;
}

/** Where a store that is a folder may be, and what it is relative to. */
export function foldersFor({ cwd: root, env }: Pick<Io, "cwd" | "env">) {
  return { root, folders: storeFolders({ thrownAway: isThrownAway(env) }, "command") };
}

/** The database's URL, from the variable that the config names; secrets never come by a flag, which every process list shows. */
export function urlFrom(backup: Backup, io: Pick<Io, "env">): Secret | undefined {
  return "urlSecret" in backup ? variable(io, backup.urlSecret) : undefined;
}

/** A secret that stands in the environment. */
export function variable({ env }: Pick<Io, "env">, name: string): Secret | undefined {
  const value = env[name];
  return value ? new Secret(value) : undefined;
}
