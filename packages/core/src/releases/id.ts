const minted = /^(\d{8}T\d{6}Z)-[0-9a-f]{7}$/;
const named = /^[0-9][A-Za-z0-9._-]{0,63}$/;
const stamp = /^(\d{4})(\d{2})(\d{2})T?(\d{2})(\d{2})(\d{2})Z?$/;

/** `20261121T084450Z-4f2a91c`: UTC time and the commit's first seven; `0000000` where there is no commit hash. */
export function mintReleaseId(now: Date, commit: string): string {
  const time = now.toISOString().replace(/[-:]/g, "").replace(/\.\d+/, "");
  return `${time}-${shortCommit(commit) || "0000000"}`;
}

/** The first seven of a commit hash, lower case; empty where it is none. */
export function shortCommit(commit: string): string {
  return /^[0-9a-f]{7,64}$/i.test(commit) ? commit.slice(0, 7).toLowerCase() : "";
}

/** True for ids this tool minted: its time must be a real one. */
export function isReleaseId(name: string): boolean {
  const time = minted.exec(name)?.[1];
  return time !== undefined && stampTime(time) !== undefined;
}

/**
 * True for every name that may be a release: ours, Capistrano's and Ansistrano's timestamps, Deployer's numbers.
 * A strict allow-list, because what it accepts may be pruned: a digit first, then at most 63 of `A-Za-z0-9._-`.
 */
export function isReleaseName(name: string): boolean {
  return named.test(name);
}

/** When a release was made by its name, milliseconds since 1970; undefined where the name holds no time. */
export function releaseTime(name: string): number | undefined {
  return stampTime(minted.exec(name)?.[1] ?? name);
}

function stampTime(text: string): number | undefined {
  const parts = stamp.exec(text)?.slice(1).map(Number);
  if (parts === undefined) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts;
  const time = Date.UTC(year, month - 1, day, hour, minute, second);
  const digits = text.replace(/\D/g, "");
  return new Date(time).toISOString().replace(/\D/g, "").startsWith(digits) ? time : undefined;
}
