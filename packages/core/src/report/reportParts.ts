import { duration } from "../amounts.ts";
import type { Outcome } from "../outcomes.ts";
import type { HostReport, Report } from "./types.ts";

/** What a host serves now, in words. */
export function nowWords(now: HostReport["now"]): string {
  return now === undefined ? "not known" : (now ?? "nothing");
}

export type Mark = "new" | "old" | "unknown" | "other";

/** Where a host stands, seen from the release of this run. */
export function markOf(report: Report, { before, now }: HostReport): Mark {
  if (now === undefined) return "unknown";
  if (now === report.release) return "new";
  return now === before || now === report.previous ? "old" : "other";
}

/** The outcome that says most about a host: what went wrong, or the last thing that went well. */
export function tellingOutcome({ outcomes }: HostReport): Outcome | undefined {
  const worst = outcomes.find(({ status }) => status === "failed" || status === "unknown");
  return worst ?? outcomes.find(({ status }) => status === "skipped") ?? outcomes.at(-1);
}

/** What a host served before; not known where only another host's reading was possible. */
export function beforeWords({ before, now, outcomes }: HostReport): string {
  return before === null && now === undefined && outcomes.length === 0 ? "not known" : (before ?? "nothing");
}

/** `health failed`, `switch unknown`, `ok`. */
export function statusWords(host: HostReport): string {
  const told = tellingOutcome(host);
  if (told === undefined) return "not touched";
  return told.status === "ok" ? "ok" : `${told.step} ${told.status}`;
}

/** What a host's part came to, where the problems are told elsewhere: `went back`, `health failed`, `switch skipped: why`. */
export function endWords(host: HostReport): string {
  const back = host.outcomes.filter(({ undoes }) => undoes !== undefined);
  const wrong = back.find(({ status }) => status !== "ok");
  if (wrong?.status === "unknown") return `may not have gone back: ${wrong.detail}`;
  if (wrong !== undefined) return `did not go back: ${wrong.detail}`;
  if (back.length > 0) return `${statusWords(host) === "ok" ? "" : `${statusWords(host)}, `}went back`;
  const told = tellingOutcome(host);
  return told?.status === "skipped" ? `${statusWords(host)}: ${told.detail}` : statusWords(host);
}

export function reasonWords(host: HostReport): string {
  const told = tellingOutcome(host);
  return told?.detail ?? "";
}

/** `12.1 s in all, servers changed within 240 ms`. */
export function timingWords({ timings }: Report): string {
  const window = timings.window === undefined ? "" : `, servers changed within ${duration(timings.window)}`;
  return `${duration(timings.total)} in all${window}`;
}
