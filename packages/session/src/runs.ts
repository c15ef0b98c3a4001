import type { Identity } from "@deploy/aws";
import type { Config, Facts } from "@deploy/core";
import { type EngineEvent, type Fleet, type Means, runPlan } from "@deploy/engine";
import { systemClock } from "@deploy/transport";
import type { OpenBalancers } from "./balancers.ts";
import type { Planner } from "./planner.ts";
import { withPlaybook } from "./playbook.ts";
import { withRsync } from "./rsync.ts";
import { targetGroupsBy } from "./targetGroups.ts";
import type { Session, SessionOptions } from "./types.ts";

interface Open {
  readonly fleet: Fleet;
  readonly config: Config;
  readonly facts: readonly Facts[];
  readonly planner: Planner;
  readonly pool: OpenBalancers;
  readonly shelf: Means["shelf"];
}

/** How an open session runs its plans: with the means it has, and a record of each where the config keeps them. */
export function runsOf(
  { fleet, config, facts, planner, pool, shelf }: Open,
  options: SessionOptions & { readonly identity: Identity },
): Session["run"] {
  const { events, backups, git = {}, identity, vaultOf = () => undefined } = options;
  return async ({ asShown, onReplan, onEvent, keepLock = false, ...request }) => {
    const { plan, phases, artifact } = request;
    const replan = asShown === true ? {} : planner.again(plan, onReplan);
    const both = (event: EngineEvent): void => {
      events(event);
      onEvent?.(event);
    };
    const control = { ...options, events: both, clock: systemClock, keepLock, ...replan };
    const means = {
      ...(shelf === undefined ? {} : { shelf }),
      balancers: pool.balancers,
      git,
      targetGroups: targetGroupsBy(identity),
      ...(backups === undefined ? {} : { backups }),
      ...(artifact === undefined ? {} : { artifact }),
    };
    const report = await withPlaybook(request, vaultOf, (playbook) =>
      withRsync(
        request,
        (rsync) => runPlan(fleet, { plan, facts, phases }, control, { ...means, ...playbook, ...rsync }),
        (text) => events({ kind: "note", text }),
      ),
    );
    if (config.records === undefined || options.dryRun) return report;
    // Late: most configs keep none.
    const { recorded } = await import("./records/after.ts");
    return recorded({ config, plan, request, report, now: new Date() }, options);
  };
}
