import { fingerprint, isWholeKey, keyType } from "./fingerprint.ts";
import { hostName, isNamed } from "./hostPattern.ts";

/** One line: `key` is the blob, or `print` the `SHA256:…` a user pinned instead (`type` is then "" unless given). */
export interface KnownHost {
  readonly line: number;
  readonly marker: "" | "@revoked" | "@cert-authority";
  readonly hosts: string;
  readonly type: string;
  readonly print: string;
}

export interface KnownHosts {
  readonly entries: readonly KnownHost[];
  /** Lines that cannot be read, and why. OpenSSH skips them silently; a pin nobody uses should be seen. */
  readonly problems: readonly { readonly line: number; readonly reason: string }[];
}

/** What known_hosts says about a key a server offers; fingerprints are `SHA256:…`. */
export type Verdict =
  | { readonly verdict: "trusted"; readonly line: number }
  | { readonly verdict: "revoked"; readonly line: number; readonly offered: string }
  | { readonly verdict: "mismatch"; readonly pinned: readonly string[]; readonly offered: string }
  | { readonly verdict: "unknown"; readonly offered: string; readonly certificateAuthority: boolean };

/** Reads the text of a known_hosts file. Lines may also be `host SHA256:…` or `host type SHA256:…`. */
export function parseKnownHosts(text: string): KnownHosts {
  const entries: KnownHost[] = [];
  const problems: { line: number; reason: string }[] = [];
  for (const [index, raw] of text
    .replace(/^\uFEFF/, "")
    .split("\n")
    .entries()) {
    const fields = raw.split(/[ \t\r]+/).filter((field) => field !== "");
    if (fields.length === 0 || fields[0]?.startsWith("#")) continue;
    const entry = parseLine(fields, index + 1);
    if (typeof entry === "string") problems.push({ line: index + 1, reason: entry });
    else entries.push(entry);
  }
  return { entries, problems };
}

function parseLine(fields: readonly string[], line: number): KnownHost | string {
  const marked = fields[0]?.startsWith("@") === true;
  const marker = marked ? fields[0] : "";
  if (marker !== "" && marker !== "@revoked" && marker !== "@cert-authority")
    return `the marker ${JSON.stringify(marker)} is none that OpenSSH knows`;
  const [hosts, first, second] = marked ? fields.slice(1) : fields;
  if (hosts === undefined || first === undefined) return "it is not `host type key`";
  const pin = readPin(first, second);
  return typeof pin === "string" ? pin : { line, marker, hosts, ...pin };
}

const pinned = /^SHA256:[A-Za-z0-9+/]{43}=?$/;

function readPin(first: string, second: string | undefined): Pick<KnownHost, "type" | "print"> | string {
  if (first.startsWith("SHA256:"))
    return pinned.test(first)
      ? { type: "", print: bare(first) }
      : "the SHA256 fingerprint is not 43 characters";
  if (second === undefined) return "the key is missing";
  if (second.startsWith("SHA256:"))
    return pinned.test(second)
      ? { type: first, print: bare(second) }
      : "the SHA256 fingerprint is not 43 characters";
  const blob = Buffer.from(second, "base64");
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(second) || keyType(blob) !== first || !isWholeKey(blob))
    return `the key is no base64 of a ${JSON.stringify(first.slice(0, 40))} key`;
  return { type: first, print: fingerprint(blob) };
}

const bare = (print: string): string => print.replace(/=$/, "");

/** The lines about a host. As OpenSSH: those of `[address]:port`; the plain address only where there are none. */
export function knownFor(known: KnownHosts, address: string, port: number): readonly KnownHost[] {
  const named = (name: string) => known.entries.filter((entry) => isNamed(entry.hosts, name));
  const exact = named(hostName(address, port));
  return port === 22 || exact.some((entry) => entry.marker === "")
    ? exact
    : [...exact, ...named(hostName(address, 22))];
}

/** Pure: OpenSSH's decision (StrictHostKeyChecking=yes) about a key offered by a server. @revoked wins. */
export function verdict(known: KnownHosts, address: string, port: number, blob: Uint8Array): Verdict {
  const about = knownFor(known, address, port);
  const offered = fingerprint(blob);
  const revoked = about.find((entry) => entry.marker === "@revoked" && entry.print === offered);
  if (revoked !== undefined) return { verdict: "revoked", line: revoked.line, offered };
  const pins = about.filter((entry) => entry.marker === "");
  const match = pins.find((entry) => entry.print === offered);
  if (match !== undefined) return { verdict: "trusted", line: match.line };
  if (pins.length > 0)
    return { verdict: "mismatch", pinned: [...new Set(pins.map((entry) => entry.print))], offered };
  const certificateAuthority = about.some((entry) => entry.marker === "@cert-authority");
  return { verdict: "unknown", offered, certificateAuthority };
}
