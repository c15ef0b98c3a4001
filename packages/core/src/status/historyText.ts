import { count } from "../plan/words.ts";
import { textTable } from "../report/table.ts";
import { type Change, kinds } from "./changes.ts";

/** `deploy history` for a terminal, newest first; ends with a line feed. */
export function renderHistoryText(changes: readonly Change[]): string {
  if (changes.length === 0) return "The servers remember no change.\n";
  const rows = changes.map(({ time, kind, release, from, hosts, run }) => [
    new Date(time * 1000).toISOString().slice(0, 16).replace("T", " "),
    kinds[kind],
    release ?? "nothing",
    from ?? "",
    count(hosts.length, "host"),
    run,
  ]);
  return `${textTable([["when (UTC)", "what", "serves then", "before", "on", "run"], ...rows]).join("\n")}\n`;
}
