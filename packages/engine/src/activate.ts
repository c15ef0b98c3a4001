import type { Problem } from "@deploy/core";
import { finish } from "@deploy/remote";
import { askSurely } from "./ask.ts";
import { runOnHosts } from "./command.ts";
import type { Context } from "./context.ts";
import { everyHost } from "./fan.ts";
import { proveHealth } from "./health.ts";
import { plannedOf, stepsOf } from "./planned.ts";
import { revert } from "./revert.ts";
import { switchAll } from "./switch.ts";

/** Everything visible: all hosts switch together and prove health, or all that switched go back. */
export async function activate(context: Context): Promise<boolean> {
  if (!(await checkPrepared(context))) return false;
  const proved = (await switchAll(context)) && (await reloadAll(context)) && (await proveAll(context));
  if (!proved) {
    await revert(context);
    return false;
  }
  await finishAll(context);
  return true;
}

/** The barrier, for a run that did not prepare the release itself: what the hosts said counts. */
async function checkPrepared(context: Context): Promise<boolean> {
  const { plan, options } = context;
  // A dry run's upload was only rehearsed: nothing can lie on the hosts.
  if (plan.kind === "rollback" || options.dryRun || options.phases.includes("prepare")) return true;
  const hosts = stepsOf(plan, "switch").flatMap((step) => step.hosts);
  const missing = hosts.filter((host) => !holdsRelease(context, host));
  for (const host of missing) {
    const problem = notPrepared(host, plan.release);
    await context.ledger.book(
      host,
      "switch",
      async () => ({ status: "failed" as const, problem }),
      () => "",
    );
  }
  for (const host of hosts) {
    if (missing.length > 0 && !missing.includes(host)) {
      context.ledger.skip(host, "switch", "another host is not prepared");
    }
  }
  return missing.length === 0;
}

function holdsRelease(context: Context, host: string): boolean {
  const facts = context.options.facts.find((entry) => entry.host === host);
  if (facts === undefined || !facts.reached) return false;
  return facts.releases.some(
    ({ id, state }) =>
      id === context.plan.release && (state === "ready" || state === "active" || state === "good"),
  );
}

function notPrepared(host: string, release: string): Problem {
  return {
    code: "not-prepared",
    message: `release ${release} is not prepared on ${host}`,
    hint: "Run the upload step for this release first; nobody was switched.",
    place: { host },
  };
}

async function reloadAll(context: Context): Promise<boolean> {
  for (const step of stepsOf(context.plan, "reload")) {
    if (context.stopped() || !(await runOnHosts(context, "reload", step, "current"))) return false;
  }
  return true;
}

async function proveAll(context: Context): Promise<boolean> {
  for (const { hosts, health } of stepsOf(context.plan, "health")) {
    if (context.stopped()) return false;
    const proved = await everyHost(
      context,
      "health",
      hosts,
      (link) => proveHealth(context, link, health, context.plan.release),
      (detail) => detail,
    );
    if (!proved) return false;
  }
  return !context.stopped();
}

/** Marks and prunes. The fleet is live by now: what fails here is told, and undoes nothing. */
async function finishAll(context: Context): Promise<void> {
  const { plan } = context;
  const steps = stepsOf(plan, "finish");
  const hosts = steps.flatMap((step) => step.hosts);
  const keepFor = steps.find((step) => step.keepFor !== undefined)?.keepFor;
  await everyHost(
    context,
    "finish",
    hosts,
    (link) => {
      const { from, to, removals } = plannedOf(plan, link.host.name);
      return askSurely(
        link,
        finish({
          fence: context.fence(),
          release: to,
          bad: plan.kind === "rollback" && from !== to ? from : null,
          removals: removals.map(({ release }) => release),
          keepFor,
        }),
      );
    },
    ({ removed }) => (removed.length === 0 ? "marked good" : `marked good, removed ${removed.join(", ")}`),
  );
}
