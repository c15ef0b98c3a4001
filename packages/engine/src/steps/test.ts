import { everyHost } from "../hosts/fan.ts";
import { configureOn } from "./configureOn.ts";
import type { Runner } from "./runner.ts";

export const runner: Runner<"test"> = {
  run: (context, step) =>
    everyHost(
      context,
      step,
      step.hosts,
      (link) => configureOn(context, link, { data: step, of: step, verb: "test" }),
      (detail) => detail,
    ),
};
