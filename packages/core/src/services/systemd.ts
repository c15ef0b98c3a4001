import { choice } from "../config/values/leaves.ts";
import { service } from "./service.ts";
import { show, unitCheck, unitKeys, unitVerb } from "./unit.ts";

const start = "ExecMainStartTimestampMonotonic";

/** A process that is started again. Behind a socket unit nobody is refused meanwhile. */
export const systemd = service({
  words: "any unit, started again",
  keys: {
    ...unitKeys,
    verb: choice(["restart", "reload-or-restart"])
      .prefault("restart")
      .describe("`reload-or-restart` for a unit whose `ExecReload=` loads new code."),
  },
  commands(given) {
    const { unit, verb } = given;
    const restarted = `[ "$(${show(unit, start)})" != "$before" ]`;
    const active = `[ "$(${show(unit, "ActiveState")})" = active ]`;
    return {
      name: unit,
      check: unitCheck(given),
      ...unitVerb(given),
      before: show(unit, start),
      settled: verb === "restart" ? `${active} && ${restarted}` : active,
    };
  },
});
