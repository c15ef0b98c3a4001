import * as z from "zod";
import { mapping } from "../values/mapping.ts";
import { shareForms, sharePhrase } from "./share.ts";

const orders = ["late-first", "listed"] as const;

export const orderPhrase = "late-first or listed";
export const orderPhrases = { [orderPhrase]: { near: orders } };

export const rolling = mapping({
  "max-unavailable": z
    .union(shareForms(), { error: sharePhrase })
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

export const rollingDefaults = (): Rolling => rolling.parse({});
