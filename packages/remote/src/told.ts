import { DeployError, isReleaseName } from "@deploy/core";

// What a host says is stored, shown and reckoned with: each kind of value has a shape here, and anything else is no answer.

/** A whole number of at most 15 digits, so that sums stay whole; undefined for anything else. */
export function numberIn(word: string | undefined): number | undefined {
  return /^\d{1,15}$/.test(word ?? "") ? Number(word) : undefined;
}

/** The last second that file systems in use can keep: of the year 2106. */
const lastSecond = 2 ** 32 - 1;

/** Seconds since 1970; undefined for what is no time of a file or a clock. */
export function secondsIn(word: string | undefined): number | undefined {
  const seconds = numberIn(word);
  return seconds !== undefined && seconds <= lastSecond ? seconds : undefined;
}

/** Throws `answer-unreadable`, as all below: `what` was told, and not like this. */
export function toldNumber(what: string, word: string | undefined): number {
  return numberIn(word) ?? unlike(what, word);
}

export function toldSeconds(what: string, word: string | undefined): number {
  return secondsIn(word) ?? unlike(what, word);
}

/** A folder below releases/: no other name becomes part of a path, a plan or a removal. */
export function toldRelease(word: string | undefined): string {
  return isReleaseName(word ?? "") ? (word ?? "") : unlike("a release", word);
}

export function toldDigest(what: string, word: string | undefined): string {
  return isDigest(word) ? word : unlike(what, word);
}

export function toldChoice<const Option extends string>(
  what: string,
  options: readonly Option[],
  word: string | undefined,
): Option {
  return options.find((option) => option === word) ?? unlike(what, word);
}

/** Hex SHA-256. */
export function isDigest(value: unknown): value is string {
  return typeof value === "string" && /^[0-9a-f]{64}$/.test(value);
}

function unlike(what: string, word: string | undefined): never {
  const shown = JSON.stringify((word ?? "").slice(0, 100));
  throw new DeployError("answer-unreadable", `the host tells ${shown} as ${what}`);
}
