import type { BoundBackup, ReachedHost, ReleaseFacts } from "../facts.ts";
import { compareReleases } from "./order.ts";

const id = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;
/** Words for a shell, quoted where they must be: no host gets a second command, or a line of its own, before a person's eyes. */
const words = /^(?: (?:[A-Za-z0-9_@%+=:,./-]|'[^']*'|\\')+)*$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
const unseen = /[\0-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/;
const longest = 1024;

/** What a host or a backup's maker said, or undefined where it is anything but a bound backup. */
export function readBound(value: unknown): BoundBackup | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const said = value as Readonly<Record<string, unknown>>;
  if (typeof said.id !== "string" || !id.test(said.id)) return undefined;
  if (isRestore(said.restore, said.id)) return { id: said.id, restore: said.restore };
  if (isPath(said.path)) return { id: said.id, path: said.path };
  return undefined;
}

function isRestore(line: unknown, name: string): line is string {
  const start = `deploy restore ${name}`;
  return isLine(line) && line.startsWith(start) && words.test(line.slice(start.length));
}

function isPath(path: unknown): path is string {
  return isLine(path) && path.startsWith("/");
}

function isLine(text: unknown): text is string {
  return typeof text === "string" && text.length <= longest && !unseen.test(text);
}

/** A backup and the release it was made before. */
export interface ReleaseBackup {
  readonly release: string;
  readonly backup: BoundBackup;
}

/**
 * What going back to `release` leaves behind, the oldest first: backups made before releases that came after it, up to
 * what is live. Also before one that failed: its migration may have run. The first holds the data that fits `release`.
 */
export function leftBackups(
  leader: ReachedHost | undefined,
  release: string,
  live: readonly string[],
): readonly ReleaseBackup[] {
  const isLeft = ({ id: other }: ReleaseFacts): boolean =>
    compareReleases(other, release) > 0 && live.some((served) => compareReleases(other, served) <= 0);
  return (leader?.releases ?? [])
    .flatMap((facts) =>
      facts.backup !== undefined && isLeft(facts) ? [boundTo(facts.id, facts.backup)] : [],
    )
    .sort((a, b) => compareReleases(a.release, b.release));
}

function boundTo(release: string, backup: BoundBackup): ReleaseBackup {
  return { release, backup };
}
