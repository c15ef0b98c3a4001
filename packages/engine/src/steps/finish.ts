import { finish as finishOn } from "@deploy/remote";
import { askSurely } from "../hosts/ask.ts";
import { everyHost } from "../hosts/fan.ts";
import { plannedOf } from "../hosts/planned.ts";
import type { Runner } from "./runner.ts";

/** The fleet is live by now: what fails here is told, and takes nobody back. */
export const runner: Runner<"finish"> = {
  run(context, step) {
    const { plan } = context;
    return everyHost(
      context,
      step,
      step.hosts,
      (link) => {
        const { from, to, removals } = plannedOf(plan, link.host.name);
        return askSurely(
          link,
          finishOn({
            fence: context.fence(),
            release: to,
            bad: plan.kind === "rollback" && from !== to ? from : null,
            removals: removals.map(({ release }) => release),
            keepFor: step.keepFor,
          }),
        );
      },
      // The host refuses where `current` is not the release: so it was read.
      ({ removed, kept, stuck }) => ({
        detail: [
          removed.length === 0 ? "marked good" : `marked good, removed ${removed.join(", ")}`,
          ...kept.map(({ release, because }) => `kept ${release}: ${because}`),
        ].join("; "),
        warnings: stuck.map(({ release, because }) => `${release} could not be removed: ${because}`),
        live: plan.release,
      }),
    );
  },
};
