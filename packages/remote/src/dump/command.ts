import { scripts } from "../scripts.gen.ts";
import { checkAbsolute, checkText } from "./check.ts";
import type { Driver, Verb } from "./driver.ts";

/** `run` writes any dump to stdout; `verify` reads it from stdin and exits 0 if it is whole; `restore` reads it from stdin. */
export interface CommandSource {
  readonly kind: "command";
  readonly directory: string;
  readonly run: string;
  readonly verify: string;
  readonly restore?: string;
}

const unknown: readonly Verb[] = ["swappable", "swap", "count", "drop", "left"];

/** Commands of the user: what a name means is theirs, they find it in DEPLOY_RESTORE_INTO. */
export const commandDriver: Driver<CommandSource> = {
  script: scripts.dumpCommand,
  source: ({ run, verify, restore }, { directory }) => ({
    ...{ kind: "command", directory, run, verify },
    ...(restore === undefined ? {} : { restore }),
  }),
  args: ({ directory, run, verify, restore }) => [checkAbsolute(directory), run, verify, restore ?? ""],
  name: (text) => checkText("a name", text),
  refuses(verb, { restore }) {
    if (unknown.includes(verb)) return `"${verb}" is not offered for command`;
    return verb === "restore" && restore === undefined
      ? "there is no command that restores this source"
      : undefined;
  },
  form: "bin",
  tables: false,
  local: ({ run, verify }) => [run, verify],
};
