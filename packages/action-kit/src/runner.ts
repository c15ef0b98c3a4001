import * as core from "@actions/core";
import { exitCodes, type Result } from "@deploy/core";

export interface AnnotationPlace {
  readonly title?: string;
  readonly file?: string;
  readonly startLine?: number;
  readonly startColumn?: number;
}

/** The part of @actions/core that is used. */
export interface Toolkit {
  setSecret(value: string): void;
  setOutput(name: string, value: string): void;
  saveState(name: string, value: string): void;
  getState(name: string): string;
  startGroup(title: string): void;
  endGroup(): void;
  error(message: string, place?: AnnotationPlace): void;
  warning(message: string, place?: AnnotationPlace): void;
  /** Appends Markdown to the step's summary. */
  summarize(markdown: string): Promise<void>;
}

/** The world around an action: injected, so that tests own it. */
export interface Runner {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly toolkit: Toolkit;
  write(text: string): void;
  /** Calls `handler` for each SIGINT and SIGTERM; gives back how to stop that. */
  onSignal(handler: () => void): () => void;
  /** Ends the process, after what was written has left it. */
  exit(code: number): void;
}

export const toolkit: Toolkit = {
  setSecret: core.setSecret,
  setOutput: core.setOutput,
  saveState: core.saveState,
  getState: core.getState,
  startGroup: core.startGroup,
  endGroup: core.endGroup,
  error: core.error,
  warning: core.warning,
  async summarize(markdown) {
    await core.summary.addRaw(markdown, true).write();
  },
};

/** The process as GitHub's runner started it. */
export function processRunner(): Runner {
  return {
    env: process.env,
    toolkit,
    write: (text) => process.stdout.write(text),
    onSignal(handler) {
      process.on("SIGINT", handler).on("SIGTERM", handler);
      return () => process.off("SIGINT", handler).off("SIGTERM", handler);
    },
    exit: (code) => process.stdout.write("", () => process.exit(code)),
  };
}

/** Actions end with 0, 1, or 130 when cancelled; the finer result is an output. */
export function exitCodeOf(result: Result): number {
  if (exitCodes[result] === 0) return 0;
  return result === "cancelled" ? 130 : 1;
}
