import { DeployError, Secret } from "@deploy/core";
import { findAnswer, frame, fromHex, wordsOf } from "../answer.ts";
import type { RemoteCommand } from "../command.ts";
import { scripts } from "../scripts.gen.ts";
import { checkAbsolute, refuse } from "./check.ts";

/**
 * A database's URL as a file of the host itself says it, under this name. Throws `env-file-missing`, `env-file-malformed`, and
 * `database-url` where the file does not set it.
 */
export function sharedUrl(file: string, name: string): RemoteCommand<Secret> {
  return {
    name: "url",
    kind: "read",
    script: scripts.sharedUrl,
    args: [
      checkAbsolute(file),
      /^[A-Z_][A-Z0-9_]*$/.test(name) ? name : refuse("the name of a variable", name),
    ],
    payload: false,
    rehearsal: frame("url "),
    parse: ({ stdout, code, dropped }) => {
      const answer = findAnswer(stdout, code);
      if (answer?.refusal !== undefined) throw answer.refusal;
      if (answer?.code === 0 && dropped === 0) return new Secret(fromHex(wordsOf(answer.lines, "url")[0]));
      // Not what it printed: that may be the secret.
      throw new DeployError("answer-unreadable", `url ended ${code}, and its answer cannot be read`);
    },
  };
}
