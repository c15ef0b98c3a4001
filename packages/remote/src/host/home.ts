import { frame, fromHex, readLines, wordsOf } from "../answer.ts";
import type { RemoteCommand } from "../command.ts";
import { scripts } from "../scripts.gen.ts";

/** deploy-to as an absolute path: `~/…` is below the home of whoever logs in. Reads only. */
export function absoluteBase(base: string): RemoteCommand<string> {
  return {
    name: "home",
    kind: "read",
    script: scripts.home,
    args: [base],
    payload: false,
    rehearsal: frame("base "),
    parse: (result) => fromHex(wordsOf(readLines("home", result), "base")[0]),
  };
}
