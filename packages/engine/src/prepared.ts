import { kindOf, makeProblem, type Stage, stepsOf, switchedHosts } from "@deploy/core";
import type { Context } from "./context.ts";
import { failed } from "./hosts/ask.ts";
import { linkOf } from "./hosts/fleet.ts";
import { factsOf } from "./hosts/planned.ts";

/** The barrier before the first wave, for a run that did not prepare the release itself: what the hosts said counts. */
export function allPrepared(context: Context, { kind }: Stage): boolean {
  const { plan, control, phases, fleet, ledger } = context;
  // A dry run's upload was only rehearsed: nothing can lie on the hosts.
  if (kind !== "wave" || plan.kind === "rollback" || control.dryRun || phases.includes("prepare"))
    return true;
  const hosts = switchedHosts(plan);
  const missing = hosts.filter((host) => !holdsRelease(context, host));
  if (missing.length === 0) return true;
  for (const host of hosts) {
    const first = stepsOf(plan, phases).find(
      (step) => kindOf(step).effect === "live" && step.hosts.includes(host),
    );
    if (first === undefined) continue;
    if (missing.includes(host))
      ledger.add(host, first, failed(linkOf(fleet, host), notPrepared(host, plan.release)));
    else ledger.skip(host, first, "another host is not prepared");
  }
  return false;
}

const whole: readonly string[] = ["ready", "active", "good"];

function holdsRelease({ facts, plan }: Context, host: string): boolean {
  const found = factsOf(facts, host);
  return (
    found?.reached === true &&
    found.releases.some(({ id, state }) => id === plan.release && whole.includes(state))
  );
}

function notPrepared(host: string, release: string) {
  return makeProblem("not-prepared", `release ${release} is not prepared on ${host}`, {
    hint: "Run the upload step for this release first; nobody was switched.",
  });
}
