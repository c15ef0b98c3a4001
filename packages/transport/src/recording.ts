import type { ExecResult, HttpAnswer, HttpProbe, RemoteCommand } from "@deploy/remote";
import { unknownResult } from "./capture.ts";
import type { ExecOptions, Transport } from "./port.ts";
import { untaken } from "./pour.ts";

/** A dry run's transport: reads are really made, all else is only told to `record`, one line each, and answered as rehearsed. */
export function recordingTransport(inner: Transport, record: (line: string) => void): Transport {
  return {
    host: inner.host,
    exec: (command, options) =>
      command.kind === "read" ? inner.exec(command, options) : rehearse(command, record, options),
    async http(probe: HttpProbe): Promise<HttpAnswer> {
      record(`http get ${quoteWord(probe.url)}`);
      return probe.rehearsal;
    },
    async say(socket, line) {
      if (line.startsWith("show ") && inner.say !== undefined) return inner.say(socket, line);
      record(`say ${quoteWord(line)} to ${quoteWord(socket)}`);
      return "\n";
    },
    close: () => inner.close(),
  };
}

async function rehearse(
  command: RemoteCommand<unknown>,
  record: (line: string) => void,
  options: ExecOptions | undefined,
): Promise<ExecResult> {
  record([command.name, ...command.args.map(quoteWord)].join(" "));
  if (options?.signal?.aborted === true) return unknownResult("stopped waiting");
  const { rehearsal } = command;
  // A stream's answer stands on stderr, and its bytes are what a dry run does not make.
  if ("streams" in command && command.streams === true) return exited("", rehearsal);
  return options?.sink === undefined ? exited(rehearsal, "") : pour(rehearsal, options.sink);
}

const exited = (stdout: string, stderr: string): ExecResult => ({
  status: "exited",
  code: 0,
  stdout,
  stderr,
  dropped: 0,
});

async function pour(rehearsal: string, sink: NonNullable<ExecOptions["sink"]>): Promise<ExecResult> {
  try {
    if (rehearsal !== "") await sink(new TextEncoder().encode(rehearsal));
    return exited("", "");
  } catch (error) {
    return unknownResult(untaken(error));
  }
}

/** For eyes, on one line: control characters, direction marks and line separators are spelled out. */
function quoteWord(word: string): string {
  if (/^[\w./:@%+=,~-]+$/.test(word)) return word;
  return JSON.stringify(word).replace(
    /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
