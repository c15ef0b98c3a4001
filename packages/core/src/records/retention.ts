import type { Milliseconds } from "../config/types.ts";

export interface Keeping {
  readonly keep: number;
  readonly keepFor?: Milliseconds | undefined;
}

/**
 * The entries that go, oldest first and without a gap: beyond `keep`, and older than `keepFor` where that is told. What cannot be read
 * stays, with all after it: nothing is known of its age. The newest always stays.
 */
export function expired<Entry extends { readonly time: string | undefined }>(
  entries: readonly Entry[],
  { keep, keepFor = 0 }: Keeping,
  now: Date,
): readonly Entry[] {
  const beyond = entries.slice(0, Math.max(0, Math.min(entries.length - keep, entries.length - 1)));
  const stays = beyond.findIndex(
    ({ time }) => time === undefined || now.getTime() - Date.parse(time) < keepFor,
  );
  return stays === -1 ? beyond : beyond.slice(0, stays);
}
