import { choice } from "../config/values/leaves.ts";
import { service } from "./service.ts";
import { restarted, unitKeys } from "./unit.ts";

/** A process that is started again. Behind a socket unit nobody is refused meanwhile. */
export const systemd = service({
  words: "any unit, started again",
  keys: {
    ...unitKeys,
    verb: choice(["restart", "reload-or-restart"])
      .prefault("restart")
      .describe("`reload-or-restart` for a unit whose `ExecReload=` loads new code."),
  },
  commands: (given) => ({ name: given.unit, ...restarted(given) }),
});
