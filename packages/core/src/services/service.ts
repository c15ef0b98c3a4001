import type { z } from "zod";
import { text } from "../config/values/leaves.ts";
import type { Named } from "../config/values/mapping.ts";

/** A unit's output, as systemd keeps it. */
export interface Journal {
  readonly unit: string;
  /** It is of the login's own systemd. */
  readonly user: boolean;
}

/**
 * What is told to a server of applications, as shell text for the deploy user. All of it is read-only but `run` and `back`.
 * A line on stderr that begins with `deploy: ` is the reason, in words for whoever reads the report.
 */
export interface ServiceCommands {
  /** What it is called: `gunicorn shop.service`. */
  readonly name: string;
  /** Where its output is read: its unit, of the login's own systemd or the machine's. Absent: not known. */
  readonly journal?: Journal;
  /** Before anything changes for visitors: exits with 0 where `run` can work and will serve the new release. */
  readonly check?: string;
  /** In the new release's folder, before the switch: exits with 0 where this release comes up. */
  readonly test?: string;
  /** In the live folder, before the switch: it takes no new jobs until `run` starts it again. Who has it is told last of all. */
  readonly quiet?: string;
  /** In the live folder, after the switch. Exit code 0 says that it was asked for, and no more. Absent: it need not be told. */
  readonly run?: string;
  /** Instead of `run` on the way back, where a server may have died of the new release. */
  readonly back?: string;
  /** Printed before `run`; `settled` has it as `$before`. */
  readonly before?: string;
  /** A condition, asked until it is true: the new release alone is served. Exit code 69 ends the wait: it never will be. */
  readonly settled?: string;
}

/** One kind of server: its own keys in the config, and what follows from them. */
export interface ServiceKind {
  readonly words: string;
  readonly keys: z.ZodRawShape;
  // biome-ignore lint/suspicious/noExplicitAny: each kind knows its own keys, and only the schema that read them calls this.
  commands(given: any): ServiceCommands;
}

/** Ties a kind's commands to the type of its keys. */
export function service<Shape extends z.ZodRawShape>(kind: {
  readonly words: string;
  readonly keys: Shape;
  commands(given: Named<z.output<z.ZodObject<Shape>>>): ServiceCommands;
}): ServiceKind {
  return kind;
}

/** A name that means nothing to a shell: commands have it as it is. */
export const programName = () =>
  text("a name of letters, digits, _ . : -", (value) =>
    /^[A-Za-z0-9_][\w.:-]{0,100}$/.test(value) ? value : undefined,
  );
