import { command as commandText } from "../config/values/leaves.ts";
import { service } from "./service.ts";

/** What none of the others is, in the user's own words. */
export const command = service({
  words: "commands of your own",
  keys: {
    check: commandText().optional().describe("Exits with 0 where `run` will work; reads only."),
    run: commandText().describe("Makes it serve the new release, in the live folder."),
    back: commandText().optional().describe("Instead of `run` on the way back, where it may have died."),
    before: commandText().optional().describe("Its output is `$before` for `settled`."),
    settled: commandText()
      .optional()
      .describe(
        "Asked until it exits with 0: only the new release is served. 69: it died, and nobody waits for it.",
      ),
  },
  commands: (given) => ({ name: "service", ...given }),
});
