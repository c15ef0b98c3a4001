import type { Facts, ReleaseState } from "@deploy/core";
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
            proved: provedElsewhere(context.facts, link.host.name),
            bad: plan.kind === "rollback" && from !== to ? from : null,
            removals: removals.map(({ release }) => release),
            keepFor: step.keepFor,
          }),
        );
      },
      // The host refuses where `current` is not the release: so it was read.
      ({ removed, kept, stuck, stale, unseen }) => ({
        detail: [
          removed.length === 0 ? "marked good" : `marked good, removed ${removed.join(", ")}`,
          ...(unseen && removed.length > 0
            ? ["whether processes of other users live there is not known"]
            : []),
          ...kept.map(({ release, because }) => `kept ${release}: ${because}`),
        ].join("; "),
        warnings: [
          ...stuck.map(({ release, because }) => `${release} could not be removed: ${because}`),
          ...stale.map(
            ({ release, pid, program }) =>
              `process ${pid} (${program}) still lives in release ${release}, and will see no deploy until it is started again`,
          ),
        ],
        live: plan.release,
      }),
    );
  },
};

/** Releases that were live on this host, which never heard that they are good. */
function provedElsewhere(facts: readonly Facts[], name: string): readonly string[] {
  const releases = (one: Facts, state: ReleaseState) =>
    one.reached ? one.releases.filter((release) => release.state === state).map(({ id }) => id) : [];
  const good = new Set(facts.flatMap((one) => releases(one, "good")));
  return facts
    .filter(({ host }) => host === name)
    .flatMap((one) => releases(one, "active"))
    .filter((id) => good.has(id));
}
