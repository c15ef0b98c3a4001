import type { Facts } from "../facts.ts";

/** What hosts wrote down when what they serve changed. */
export interface Change {
  /** Seconds since 1970, of the first host that changed. */
  readonly time: number;
  readonly kind: keyof typeof kinds;
  /** What was served from then on; null: nothing. */
  readonly release: string | null;
  readonly from: string | null;
  /** An owner's id: `org/shop/4711/1`, `ann@desk…`. */
  readonly run: string;
  readonly hosts: readonly string[];
}

/** What a step of a journal was, and how a page calls it. */
export const kinds = { activate: "deployed", rollback: "rolled back", revert: "reverted" } as const;

interface Entry {
  readonly time: string;
  readonly run: string;
  readonly from: string | null;
  readonly to: string | null;
  readonly step: string;
  readonly result: string;
}

/** The changes that the journals of the hosts know of, newest first; one line for all hosts of a run. What is no entry is left out. */
export function changesIn(facts: readonly Facts[]): readonly Change[] {
  const found = new Map<string, Change>();
  for (const host of facts) {
    for (const line of host.reached ? host.journal : []) {
      const change = readChange(line);
      if (change === undefined) continue;
      const key = `${change.run} ${change.kind} ${change.release}`;
      const known = found.get(key) ?? change;
      const time = Math.min(known.time, change.time);
      found.set(key, { ...known, time, hosts: [...new Set([...known.hosts, host.host])] });
    }
  }
  return [...found.values()].sort((one, other) => other.time - one.time);
}

function readChange(line: string): Change | undefined {
  const entry = parse(line);
  if (entry?.result !== "ok" || !isKind(entry.step)) return undefined;
  const time = Date.parse(entry.time) / 1000;
  if (!Number.isFinite(time)) return undefined;
  const [release, from] = [entry.to, entry.from].map((name) => (typeof name === "string" ? name : null));
  // A command of the way back: it leads from no release, and names the one that failed.
  if (entry.step === "revert" && from === null) return undefined;
  return {
    time,
    kind: entry.step,
    release: release ?? null,
    from: from ?? null,
    run: String(entry.run),
    hosts: [],
  };
}

const isKind = (step: string): step is Change["kind"] => Object.hasOwn(kinds, step);

function parse(line: string): Entry | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? (value as Entry) : undefined;
  } catch {
    return undefined;
  }
}
