import type { HostLog } from "@deploy/core";
import { quote } from "../quote.ts";

export interface LogRange {
  /** The last ones; undefined: all since then. */
  readonly lines?: number;
  /** Seconds; only journals know when a line was written. */
  readonly since?: number;
  /** Goes on with what is written, also across rotation. */
  readonly follow: boolean;
}

/** The line for `sh` that shows a log. */
export function logLine(source: HostLog["source"], range: LogRange): string {
  if (source === "known") return known(range);
  if ("unit" in source) return journal(source, range);
  const path = source.file.startsWith("/") ? quote(source.file) : `"$DEPLOY_TO"/${quote(source.file)}`;
  return `${tail(range)} ${path}`;
}

/** `-F` finds the file again that took its name, and waits for one that is not there yet. */
const tail = ({ lines = 100, follow }: LogRange): string => `exec tail -n ${lines}${follow ? " -F" : ""} --`;

function known(range: LogRange): string {
  return [
    'cd "$DEPLOY_SHARED_PATH" || exit',
    "found=$(ls -t log/*.log logs/*.log storage/logs/*.log var/log/*.log 2>/dev/null | head -n 5)",
    "IFS='\n'",
    "set -f",
    "set -- $found",
    `[ "$#" -gt 0 ] || { echo "deploy: no *.log in log, logs, storage/logs or var/log of $PWD: name one by logs in the config" >&2; exit 66; }`,
    `${tail(range)} "$@"`,
  ].join("\n");
}

function journal(
  { unit, user }: { readonly unit: string; readonly user: boolean },
  { lines, since, follow }: LogRange,
): string {
  return [
    // A bare ssh exec has no session: without the variable there is no bus.
    ...(user ? ['export XDG_RUNTIME_DIR="/run/user/$(id -u)"; exec journalctl --user'] : ["exec journalctl"]),
    `--no-pager -o short-iso -u ${quote(unit)}`,
    ...(lines === undefined ? (since === undefined ? ["-n 100"] : ["--no-tail"]) : [`-n ${lines}`]),
    ...(since === undefined ? [] : [`--since=-${since}s`]),
    ...(follow ? ["-f"] : []),
  ].join(" ");
}
