import type { z } from "zod";
import { section } from "../section.ts";
import { age } from "../values/duration.ts";
import { whole } from "../values/leaves.ts";
import { mapping, named } from "../values/mapping.ts";
import { gatherStore, type StoreSettings, storeAddress, storeKeys } from "../values/store.ts";

const keys = mapping({
  store: storeAddress().describe("Where the records lie: `s3://bucket/prefix` or a folder that stays."),
  ...storeKeys,
  keep: whole(1, 100_000).prefault(1000).describe("How many runs' records of each environment stay."),
  "keep-for": age().optional().describe("And every record younger than this."),
}).transform(({ store: to, ...given }) => {
  const { store, ...kept } = gatherStore(to, given);
  // There is an address.
  return named({ ...kept, store: store as StoreSettings });
});

/** Where what came of each run is kept, and how long. Times in milliseconds. */
export type Records = z.output<typeof keys>;

export const records = section({
  keys: {
    records: keys
      .optional()
      .describe(
        "What came of each run is kept in a store: its report, who ran and who approved it, in a chain.",
      ),
  },
});
