const day = 24 * 3_600_000;

/** `40 days`, `5 hours`, `3 minutes` from milliseconds; what lies ahead (a clock that was set back) is `0 minutes`. */
export function age(milliseconds: number): string {
  if (milliseconds >= 2 * day) return `${Math.floor(milliseconds / day)} days`;
  if (milliseconds >= 2 * 3_600_000) return `${Math.floor(milliseconds / 3_600_000)} hours`;
  const minutes = Math.max(0, Math.floor(milliseconds / 60_000));
  return `${minutes} minute${minutes === 1 ? "" : "s"}`;
}
