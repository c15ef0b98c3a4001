import { input, section } from "../section.ts";
import { duration } from "../values/duration.ts";
import { whole } from "../values/leaves.ts";

export const retention = section({
  keys: {
    "keep-releases": whole(1, 1000).prefault(5).describe("How many releases stay on each host."),
    "keep-for": duration()
      .optional()
      .describe("And each release that was live within this time, for requests that still use it."),
  },
  inputs: {
    "keep-releases": input("number", "keep-releases", "How many releases each host keeps."),
  },
});
