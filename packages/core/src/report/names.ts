import type { Plan } from "../plan/types.ts";
import { isReleaseId, releaseTime } from "../releases/id.ts";

/**
 * What a release is called beside these others: the seven characters of its commit, or its whole id where another has the same, or
 * where it has none.
 */
export function shortNames(ids: Iterable<string>): (id: string) => string {
  const all = [...new Set(ids)];
  return (id) => {
    const short = shortOf(id);
    const shared = all.some((other) => other !== id && shortOf(other) === short);
    return shared ? id : short;
  };
}

function shortOf(id: string): string {
  return isReleaseId(id) && !id.endsWith("-0000000") ? id.slice(-7) : id;
}

/** Of all releases that a plan names. */
export function namesIn({ release, hosts }: Plan): (id: string) => string {
  return shortNames([
    release,
    ...hosts.flatMap(({ from, removals }) => [
      ...(from === null ? [] : [from]),
      ...removals.map((one) => one.release),
    ]),
  ]);
}

const months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

/** `29 Nov 21:12`, in UTC, with the year where it is another than now's; "" for a release whose id holds no time. */
export function madeAt(id: string, now: Date | undefined): string {
  const time = releaseTime(id);
  if (time === undefined) return "";
  const at = new Date(time);
  const year = at.getUTCFullYear() === now?.getUTCFullYear() ? "" : ` ${at.getUTCFullYear()}`;
  return `${at.getUTCDate()} ${months[at.getUTCMonth()]}${year} ${at.toISOString().slice(11, 16)}`;
}
