import { scripts } from "../scripts.gen.ts";
import { checkAbsolute, checkText } from "./check.ts";
import type { Driver } from "./driver.ts";

/** Commands of the user: what a name means is theirs, they find it in DEPLOY_RESTORE_INTO. */
export const commandDriver: Driver<"command"> = {
  script: scripts.dumpCommand,
  args: ({ directory, run, verify, restore }) => [checkAbsolute(directory), run, verify, restore ?? ""],
  name: (text) => checkText("a name", text),
  lacks: ["swap", "count", "drop"],
};
