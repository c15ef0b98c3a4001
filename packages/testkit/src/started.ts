import { spawn } from "node:child_process";
import { signalTo } from "./processes.ts";

/** A background process on a test host. */
export interface Started {
  /** As the host sees it. */
  readonly pid: number;
  /** All it printed so far. */
  output(): string;
  /** Resolves with the match once the output has it; rejects when the process ends before. */
  until(pattern: RegExp): Promise<RegExpMatchArray>;
  /** Resolves once it and its output ended. */
  readonly ended: Promise<void>;
  /** Signals it (SIGKILL unless told) and waits for its end. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

interface Where {
  readonly cwd?: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Starts a process in its own group; `record` learns the group's id. Rejects if it cannot start. */
export async function startProcess(
  argv: readonly string[],
  where: Where,
  record: (group: number) => void = () => {},
): Promise<Started> {
  const [file = "", ...args] = argv;
  const child = spawn(file, args, { ...where, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  const ended = new Promise<void>((done) => child.once("close", () => done()));
  await new Promise<void>((done, fail) => child.once("spawn", done).once("error", fail));
  const pid = child.pid as number;
  record(pid);

  return {
    pid,
    ended,
    output: () => output,
    until: (pattern) =>
      new Promise((done, fail) => {
        const look = () => {
          const match = output.match(pattern);
          if (match !== null) done(match);
        };
        child.stdout.on("data", look);
        child.stderr.on("data", look);
        void ended.then(() =>
          fail(new Error(`${argv.join(" ")} ended before it printed ${pattern}: ${output}`)),
        );
        look();
      }),
    stop: async (signal = "SIGKILL") => {
      signalTo(-pid, signal);
      await ended;
    },
  };
}
