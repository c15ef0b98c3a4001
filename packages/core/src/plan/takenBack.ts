import type { ReachedHost } from "../facts.ts";
import { isReleaseId, shortCommit } from "../releases/id.ts";
import type { FleetFacts } from "./fleet.ts";
import { few, list } from "./words.ts";

/** Releases of the commit that went back somewhere: by their state, and by the journal's last lines where their folders are gone. */
export function warnTakenBack({ reached }: FleetFacts, commit: string): readonly string[] {
  const short = shortCommit(commit);
  if (short === "") return [];
  const hosts = new Map<string, string[]>();
  for (const host of reached) {
    const bad = host.releases.filter((each) => each.state === "bad" && each.commit === commit);
    const ids = new Set([...bad.map(({ id }) => id), ...leftBehind(host, short)]);
    for (const id of ids) hosts.set(id, [...(hosts.get(id) ?? []), host.host]);
  }
  if (hosts.size === 0) return [];
  const where = [...new Set([...hosts.values()].flat())];
  return [`this commit went back before, on ${few(where)}: release ${list([...hosts.keys()].sort())}`];
}

/** Releases of these seven characters that a journal says were switched away from on a way back. */
function leftBehind({ journal }: ReachedHost, short: string): readonly string[] {
  return journal.flatMap((line) => {
    const { from, step } = readLine(line);
    const back = step === "revert" || step === "rollback";
    return back && typeof from === "string" && isReleaseId(from) && from.endsWith(`-${short}`) ? [from] : [];
  });
}

/** A line may be cut, or anything else: then it says nothing. */
function readLine(line: string): { readonly from?: unknown; readonly step?: unknown } {
  try {
    return (JSON.parse(line) ?? {}) as { readonly from?: unknown };
  } catch {
    return {};
  }
}
