import type { Io } from "../io.ts";
import type { Screen } from "../screen.ts";

/** What a command works with: the outside, where it talks, and when it is. */
export interface Context {
  readonly io: Io;
  readonly screen: Screen;
  readonly now: Date;
}

/** Hands the work of a command to the runner, which owns screen, clock and errors. */
export type Run = (
  options: { readonly json?: boolean },
  work: (context: Context) => Promise<number>,
) => Promise<void>;
