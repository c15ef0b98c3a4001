import { spawn } from "node:child_process";
import { join } from "node:path";
import type { Report } from "@deploy/core";
import { type FleetHost, until } from "@deploy/testkit";
import { isHeld } from "./gate.ts";

/** How a run is ended: in order, at once, by a runner that is taken away. */
export const ways = ["SIGINT", "SIGINT twice", "SIGTERM", "SIGKILL"] as const;

export type Way = (typeof ways)[number];

export interface Told {
  /** Null: it was killed. */
  readonly code: number | null;
  /** What it answered; absent where it was ended at once. Of `status` and `unlock` it has other fields. */
  readonly report?: Report;
  readonly output: string;
}

export interface Started {
  readonly ended: Promise<Told>;
  /** Resolves when the host holds what the run waits for. */
  held(host: FleetHost): Promise<void>;
  /** Resolves when the run has heard of it, or is over. */
  end(way: Way): Promise<void>;
}

const main = join(import.meta.dirname, "../../../packages/cli/src/main.ts");

/** The real command, as a process. */
export function startCommand(words: readonly string[], cwd: string): Started {
  const args = ["--disable-warning=ExperimentalWarning", main, ...words];
  const child = spawn(process.execPath, args, { cwd, stdio: ["ignore", "pipe", "pipe"] });
  let [stdout, stderr, over] = ["", "", false];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const ended = new Promise<Told>((resolve) => {
    child.once("close", (code) => {
      over = true;
      const report = stdout === "" ? {} : { report: JSON.parse(stdout) as Report };
      resolve({ code, ...report, output: stderr + stdout });
    });
  });
  const heard = () => until("the word that it cancels", () => over || stderr.includes("Cancelling"));
  return {
    ended,
    async held(host) {
      await until("the operation to be held", () => over || isHeld(host));
      if (!isHeld(host)) throw new Error(`it ended before: ${stderr}${stdout}`);
    },
    async end(way) {
      child.kill(way === "SIGINT twice" ? "SIGINT" : way);
      if (way === "SIGKILL") return void (await ended);
      await heard();
      if (way !== "SIGINT twice") return;
      child.kill("SIGINT");
      await ended;
    },
  };
}
