import { DeployError } from "../../errors.ts";
import { text as read } from "./leaves.ts";
import { show } from "./text.ts";

/** Milliseconds. */
export type Milliseconds = number;

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
const longest = 24 * 3_600_000;

export const durationPhrase = "a duration with its unit, from 1ms to 24h (500ms, 30s, 10m, 1h)";

/** Milliseconds of `500ms`, `30s`, `10m` or `1h`; undefined for anything else. */
export function readDuration(text: string): Milliseconds | undefined {
  const [, count, unit] = /^(\d{1,9})(ms|s|m|h)$/.exec(text) ?? [];
  if (count === undefined || unit === undefined) return undefined;
  const milliseconds = Number(count) * (units[unit] ?? Number.NaN);
  return milliseconds >= 1 && milliseconds <= longest ? milliseconds : undefined;
}

/** Milliseconds of `500ms`, `30s`, `10m` or `1h`. Throws `config-invalid` for anything else, bare numbers too. */
export function parseDuration(text: string): Milliseconds {
  const milliseconds = readDuration(text);
  if (milliseconds !== undefined) return milliseconds;
  const hint = durationHint(text);
  throw new DeployError("config-invalid", `expected ${durationPhrase}, got ${show(text)}`, {
    ...(hint === undefined ? {} : { hint }),
  });
}

/** The fix for a number without a unit. */
export function durationHint(value: unknown): string | undefined {
  const text = String(value);
  return /^\d{1,9}$/.test(text) ? `Write "${text}s" for ${text} seconds.` : undefined;
}

export const duration = () => read(durationPhrase, readDuration).meta({ pattern: "^[0-9]+(ms|s|m|h)$" });

const agePhrase = "an age in hours or days, from 1h to 3650d (36h, 14d)";

/** Milliseconds of `36h` or `14d`; undefined for anything else. */
function readAge(text: string): Milliseconds | undefined {
  const [, count, unit] = /^(\d{1,5})(h|d)$/.exec(text) ?? [];
  const milliseconds = Number(count) * (unit === "d" ? 86_400_000 : 3_600_000);
  return milliseconds >= 3_600_000 && milliseconds <= 3650 * 86_400_000 ? milliseconds : undefined;
}

export const age = () => read(agePhrase, readAge);
