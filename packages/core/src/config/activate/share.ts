import { text, whole } from "../values/leaves.ts";

/** A number of hosts, or a part of the fleet in percent. */
export interface Share {
  readonly hosts: number | undefined;
  readonly percent: number | undefined;
}

export const sharePhrase = "a number of hosts, or a part of them (1, 25%)";

/** `1`, or `25%` of the fleet. */
export const shareForms = () =>
  [
    whole(1, 1000).transform((hosts): Share => ({ hosts, percent: undefined })),
    text(sharePhrase, (value): Share | undefined => {
      const percent = /^([1-9][0-9]?|100)%$/.exec(value)?.[1];
      return percent === undefined ? undefined : { percent: Number(percent), hosts: undefined };
    }),
  ] as const;

/** How many of a fleet that is. A part is rounded down, and never to nothing. */
export function hostsIn({ hosts, percent = 0 }: Share, fleet: number): number {
  return Math.max(1, hosts ?? Math.floor((fleet * percent) / 100));
}
