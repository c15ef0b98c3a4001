/** Milliseconds before attempt `n + 1`; doubled each time, 5 s at most, and spread so that a fleet does not knock in step. */
export function backoff(n: number, random: () => number): number {
  return Math.round(Math.min(5_000, 150 * 2 ** n) * (0.5 + random()));
}
