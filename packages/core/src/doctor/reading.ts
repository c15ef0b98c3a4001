import type { Facts } from "../facts.ts";
import type { Question } from "./questions/question.ts";

/** What a host says of itself when `deploy doctor` asks, beside the probe. */
export interface Examination {
  /** Its shell printed something before our script ran. */
  readonly noisy: boolean;
  readonly umask: string;
  /** Folders on the way to what is live that others cannot enter, the innermost first. */
  readonly closed: readonly string[];
  /** Everybody may read `shared/.env`. */
  readonly readable: boolean;
  /** Names of its variables that switch debugging on, or name a stage that is none. */
  readonly debug: readonly string[];
  readonly stage: readonly string[];
  /** Whether somebody listens at the port, and to whom: to the machine itself, or to everybody. */
  readonly listens: "nobody" | "own" | "all";
  /** `Debian GNU/Linux 12 (bookworm)`; "" where it does not say. */
  readonly system: string;
  /** Of each question, in order: its exit code and what it said. */
  readonly checks: readonly { readonly code: number; readonly said: string }[];
}

/** How the app answers where a deploy asks it. */
export interface Answered {
  /** Why that is no good answer, as a deploy would say; absent: it is one. */
  readonly fault?: string;
  readonly hint?: string;
  /** Milliseconds. */
  readonly took: number;
  /** A cache answered. */
  readonly cached: boolean;
}

export interface HostReading {
  readonly facts: Facts;
  /** Absent where the host was not reached, or did not answer. */
  readonly examined?: Examination;
  /** Absent: not asked. */
  readonly answered?: Answered;
}

export interface Expected {
  readonly deployTo: string;
  /** What was asked by commands, in order. */
  readonly questions: readonly Question[];
  readonly port?: number;
  readonly keep: number;
  /** Commands make files there. */
  readonly prepares: boolean;
  /** Where health is asked. */
  readonly health?: string;
}
