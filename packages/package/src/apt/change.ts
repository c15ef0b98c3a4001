import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { DeployError } from "@deploy/core";
import { renderPackages } from "./packages.ts";
import { type Listed, type Release, renderRelease } from "./release.ts";
import { identity, type Stanza } from "./stanza.ts";

/** What a repository holds: a Release, and the packages that its indexes name. */
export interface Index {
  readonly release: Release;
  readonly stanzas: readonly Stanza[];
}

export interface Change {
  readonly add?: readonly Stanza[];
  /** Those that leave. */
  readonly remove?: (stanza: Stanza) => boolean;
}

export interface Naming {
  readonly suite: string;
  readonly origin: string;
  /** Milliseconds that an index counts from its date on. Absent: for ever. */
  readonly validFor?: number;
}

/** An object of the repository; `key` is relative to the suite's folder. */
export interface Written {
  readonly key: string;
  readonly body: Buffer;
}

export interface Next {
  readonly index: Index;
  /** The text that is to be signed. */
  readonly text: string;
  /** Under their hashes: they are there before InRelease. */
  readonly byHash: readonly Written[];
  /** Under their names, for mirrors. */
  readonly named: readonly Written[];
}

/** Hosts of these are served; a package for `all` is listed for each. */
const architectures = ["amd64", "arm64"];

/**
 * The repository after a change, as objects; undefined where it changes nothing. Its date is later than the old one's, whatever the clock
 * says: apt keeps the old index where a new one has an older date, and says nothing. Throws `package-collision`.
 */
export function nextIndex(
  old: Index | undefined,
  change: Change,
  naming: Naming,
  now: Date,
): Next | undefined {
  const stanzas = changed(old?.stanzas ?? [], change);
  const validFor = naming.validFor;
  // With an end, the same packages under a new date are a change.
  if (old !== undefined && stanzas === undefined && validFor === undefined) return undefined;
  const kept = stanzas ?? old?.stanzas ?? [];
  const date = new Date(Math.max(wholeSecond(now), (old?.release.date.getTime() ?? 0) + 1000));
  const named = architectures.flatMap((architecture) => indexes(kept, architecture));
  const release: Release = {
    suite: naming.suite,
    origin: naming.origin,
    date,
    ...(validFor === undefined
      ? {}
      : { validUntil: new Date(wholeSecond(new Date(date.getTime() + validFor))) }),
    architectures,
    files: named.map(listed),
  };
  const byHash = named.map(({ key, body }) => ({ key: byHashKey(listed({ key, body })), body }));
  return { index: { release, stanzas: kept }, text: renderRelease(release), byHash: once(byHash), named };
}

/** Where apt asks for a listed file first. */
export function byHashKey({ path, sha256 }: Listed): string {
  return `${path.slice(0, path.lastIndexOf("/"))}/by-hash/SHA256/${sha256}`;
}

function changed(
  old: readonly Stanza[],
  { add = [], remove = () => false }: Change,
): readonly Stanza[] | undefined {
  const all = new Map(old.filter((one) => !remove(one)).map((one) => [identity(one), one]));
  let differs = all.size !== old.length;
  for (const one of add) {
    const there = all.get(identity(one));
    if (there?.sha256 === one.sha256) continue;
    if (there !== undefined) throw collision(one);
    all.set(identity(one), one);
    differs = true;
  }
  return differs ? [...all.values()] : undefined;
}

export function collision({ name, version }: Stanza): DeployError {
  return new DeployError("package-collision", `${name} ${version} is in the repository, with other bytes`);
}

function indexes(stanzas: readonly Stanza[], architecture: string): readonly Written[] {
  const body = Buffer.from(renderPackages(stanzas, architecture));
  const key = `main/binary-${architecture}/Packages`;
  return [
    { key, body },
    { key: `${key}.gz`, body: gzipSync(body, { level: 9 }) },
  ];
}

function listed({ key, body }: Written): Listed {
  return { path: key, size: body.length, sha256: createHash("sha256").update(body).digest("hex") };
}

function once(written: readonly Written[]): readonly Written[] {
  return [...new Map(written.map((one) => [one.key, one])).values()];
}

function wholeSecond(date: Date): number {
  return Math.floor(date.getTime() / 1000) * 1000;
}
