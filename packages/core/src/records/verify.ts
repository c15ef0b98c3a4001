import { digestOf, nothing, readEntry, readHead } from "./entry.ts";
import { entryKey, headOf, type Place } from "./keys.ts";
import type { AuditEntry, AuditHead, Mark } from "./types.ts";

/** An object as it lies in the store. */
export interface Lying {
  readonly key: string;
  readonly bytes: Uint8Array;
}

/** All that is kept of an environment. */
export interface Kept {
  readonly place: Place;
  readonly head: Uint8Array | undefined;
  /** By the sequence that the key names. */
  readonly entries: ReadonlyMap<number, Uint8Array>;
  /** SHA-256 of each record that lies there, by its key. */
  readonly reports: ReadonlyMap<string, string>;
}

/** What is not as it was written, and why that is known. */
export interface Finding {
  readonly what: "changed" | "missing" | "moved" | "unchained";
  readonly key: string;
  /** Of the entry that it is about; Infinity for what no entry speaks of. */
  readonly sequence: number;
  readonly words: string;
}

export interface Verified {
  /** Entries that the chain proves. */
  readonly proved: number;
  /** The newest entry: whoever has it elsewhere knows that nothing before it was written anew. */
  readonly last: Mark;
  readonly anchor: Mark;
  /** The first of the chain first. */
  readonly findings: readonly Finding[];
}

/** What a newer witness says of an entry; only one that is proved itself is believed when the entry says otherwise. */
interface Expected {
  readonly sha256: string | null;
  readonly proved: boolean;
  readonly by: string;
}

/** Holds every entry against the digest that the next one (the last: the head) wrote down, and every record against its entry's. */
export function verifyRecords(kept: Kept): Verified {
  const { place, entries } = kept;
  const head = kept.head === undefined ? undefined : readHead(new TextDecoder().decode(kept.head));
  const anchor = head?.anchor ?? firstAnchor(entries);
  const newest = Math.max(head?.last.sequence ?? 0, anchor.sequence, ...entries.keys());
  const findings = headFindings(kept, head);
  const sound: AuditEntry[] = [];
  let proved = 0;
  let expected: Expected | undefined;
  for (let at = newest; at > anchor.sequence; at--) {
    if (at === head?.last.sequence) {
      if (expected !== undefined && expected.sha256 !== head.last.sha256) findings.push(astray(kept, at + 1));
      expected = { sha256: head.last.sha256, proved: true, by: headOf(place) };
    }
    const seen = lookAt(kept, at, expected);
    findings.push(...seen.findings);
    if (seen.sound) sound.push(seen.sound);
    if (seen.next?.proved === true) proved += 1;
    expected = seen.next;
  }
  if (expected?.proved === true && expected.sha256 !== anchor.sha256) {
    const words = `the oldest entry follows another one than ${headOf(place)} says`;
    findings.push({ what: "changed", key: headOf(place), sequence: anchor.sequence + 1, words });
  }
  findings.push(...reportFindings(kept, sound, anchor));
  findings.sort((one, other) => one.sequence - other.sequence);
  const bytes = entries.get(newest);
  const last = { sequence: newest, sha256: bytes === undefined ? null : digestOf(bytes) };
  return { proved, last, anchor, findings };
}

/** Where no head tells it: the oldest entry is believed. */
function firstAnchor(entries: Kept["entries"]): Mark {
  if (entries.size === 0) return nothing;
  const oldest = Math.min(...entries.keys());
  const entry = parse(entries.get(oldest));
  return { sequence: oldest - 1, sha256: entry?.previous ?? null };
}

const parse = (bytes: Uint8Array | undefined): AuditEntry | undefined =>
  bytes === undefined ? undefined : readEntry(new TextDecoder().decode(bytes));

function headFindings({ place, head: bytes, entries }: Kept, head: AuditHead | undefined): Finding[] {
  if (head !== undefined || (bytes === undefined && entries.size === 0)) return [];
  const found =
    bytes === undefined
      ? ({ what: "missing", words: "nothing says which entry is the newest" } as const)
      : ({ what: "changed", words: "it is not what was written" } as const);
  return [{ ...found, key: headOf(place), sequence: Number.POSITIVE_INFINITY }];
}

/** Behind the newest that the head knows of lies one that follows another. */
function astray({ place }: Kept, sequence: number): Finding {
  const words = `it does not follow the entry that ${headOf(place)} names`;
  return { what: "changed", key: entryKey(place, sequence), sequence, words };
}

interface Seen {
  /** The entry, where nothing speaks against it. */
  readonly sound?: AuditEntry | undefined;
  readonly findings: readonly Finding[];
  readonly next: Expected | undefined;
}

function lookAt(kept: Kept, at: number, expected: Expected | undefined): Seen {
  const { place, entries } = kept;
  const key = entryKey(place, at);
  const bytes = entries.get(at);
  if (bytes === undefined) {
    const words = "no such entry lies there";
    return { findings: [{ what: "missing", key, sequence: at, words }], next: undefined };
  }
  const entry = parse(bytes);
  const sound = expected === undefined ? entry?.sequence === at : digestOf(bytes) === expected.sha256;
  const proved = sound && expected !== undefined;
  const next = entry && { sha256: entry.previous, proved, by: key };
  if (sound) return { sound: entry, findings: [], next };
  // What is not proved itself proves nothing wrong: it is told already.
  if (expected?.proved === false && entry?.sequence === at) return { findings: [], next };
  return { findings: [{ key, sequence: at, ...wrongWords(kept, at, expected) }], next };
}

function wrongWords(
  { place, entries }: Kept,
  at: number,
  expected: Expected | undefined,
): Pick<Finding, "what" | "words"> {
  const sequence = parse(entries.get(at))?.sequence ?? at;
  const lies = [...entries].find(([, other]) => digestOf(other) === expected?.sha256)?.[0];
  if (lies !== undefined)
    return { what: "moved", words: `what belongs there lies at ${entryKey(place, lies)}` };
  if (sequence !== at) return { what: "moved", words: `entry ${sequence} lies there` };
  return { what: "changed", words: `it is not what ${expected?.by ?? "was written"} says it was` };
}

function reportFindings(
  { entries, reports }: Kept,
  sound: readonly AuditEntry[],
  anchor: Mark,
): readonly Finding[] {
  const wrong = sound.flatMap(({ sequence, report: { key, sha256 } }): Finding[] => {
    const lies = reports.get(key);
    if (lies === sha256) return [];
    return lies === undefined
      ? [{ what: "missing", key, sequence, words: `entry ${sequence} speaks of it` }]
      : [{ what: "changed", key, sequence, words: `it is not what entry ${sequence} says it was` }];
  });
  const known = new Set([...entries.values()].map((bytes) => parse(bytes)?.report.key));
  const stray = [...reports.keys()].filter((key) => !known.has(key));
  const words =
    anchor.sequence === 0 ? "no entry speaks of it" : `no entry after ${anchor.sequence} speaks of it`;
  return [
    ...wrong,
    ...stray.map((key) => ({ what: "unchained" as const, key, sequence: Number.POSITIVE_INFINITY, words })),
  ];
}

/** For a terminal, one line a finding; ends with a line feed. */
export function renderVerifiedText({ proved, last, anchor, findings }: Verified): string {
  if (last.sequence === 0 && findings.length === 0) return "No record is kept yet.\n";
  const lines = findings.map(({ what, key, words }) => `${what}: ${key}: ${words}`);
  const kept = `${proved} of ${last.sequence - anchor.sequence} entries are proved`;
  const pruned = anchor.sequence === 0 ? "" : `; those up to ${anchor.sequence} were kept long enough`;
  const newest = last.sha256 === null ? "" : ` The newest is ${last.sequence}, ${last.sha256}.`;
  return `${[...lines, `${kept}${pruned}.${newest}`].join("\n")}\n`;
}
