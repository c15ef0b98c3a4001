import * as z from "zod";
import { text, whole } from "../values/leaves.ts";
import { mapping } from "../values/mapping.ts";

const sharePhrase = "a number of hosts, or a part of them (1, 25%)";
const orders = ["late-first", "listed"] as const;

export const orderPhrase = "late-first or listed";
export const orderPhrases = { [orderPhrase]: { near: orders } };

/** `1`, or `25%` of the fleet. */
const share = () =>
  z.union(
    [
      whole(1, 1000).transform((hosts) => ({ hosts, percent: undefined })),
      text(sharePhrase, (value) => {
        const percent = /^([1-9][0-9]?|100)%$/.exec(value)?.[1];
        return percent === undefined ? undefined : { percent: Number(percent), hosts: undefined };
      }),
    ],
    { error: sharePhrase },
  );

export const rolling = mapping({
  "max-unavailable": share()
    .prefault(1)
    .describe(
      "How many hosts may be away at once: the size of a wave. A part of the fleet is rounded down, and is at least one host.",
    ),
  order: z
    .enum(orders, { error: orderPhrase })
    .prefault("late-first")
    .describe("Hosts that are behind go first and the leader last, or all as they are listed."),
}).meta({ title: "rolling" });

/** How a fleet switches in waves. */
export type Rolling = z.output<typeof rolling>;

export const rollingDefaults: Rolling = rolling.parse({});
