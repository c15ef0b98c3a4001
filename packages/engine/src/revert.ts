import { oldRelease } from "@deploy/core";
import { flip } from "@deploy/remote";
import type { Answer } from "./ask.ts";
import { askSurely } from "./ask.ts";
import { runOn } from "./command.ts";
import type { Context } from "./context.ts";
import { everyHost } from "./fan.ts";
import type { Link } from "./fleet.ts";
import { proveHealth } from "./health.ts";
import { plannedOf, stepsOf } from "./planned.ts";

/** Takes every host back that switched, or of which it is not known: the same compare-and-swap, the other way. */
export async function revert(context: Context): Promise<void> {
  const { plan, ledger, window, options } = context;
  const touched = new Set(
    ledger.outcomes
      .filter(({ step, status }) => step === "switch" && (status === "ok" || status === "unknown"))
      .map(({ host }) => host),
  );
  const hosts = plan.hosts.map(({ host }) => host).filter((host) => touched.has(host));
  await everyHost(
    context,
    "revert",
    hosts,
    (link) => takeBack(context, link),
    (detail) => detail,
  );
  if (hosts.length > 0) window.last = options.clock.now();
}

async function takeBack(context: Context, link: Link): Promise<Answer<string>> {
  const { host } = link;
  const back = oldRelease(context.plan, host.name);
  const flipped = await askSurely(
    link,
    flip({ fence: context.fence(), expect: plannedOf(context.plan, host.name).to, to: back, step: "revert" }),
  );
  if (flipped.status !== "ok") return flipped;
  if (back === null) return { status: "ok", value: "serves nothing again, as before" };
  const reloaded = await reloadOn(context, link);
  if (reloaded !== undefined) return reloaded;
  return proveBack(context, link, back);
}

async function reloadOn(context: Context, link: Link): Promise<Answer<string> | undefined> {
  for (const step of stepsOf(context.plan, "reload")) {
    if (!step.hosts.includes(link.host.name)) continue;
    const answer = await runOn(context, link, "revert", step, "current");
    if (answer.status !== "ok") return answer;
  }
  return undefined;
}

async function proveBack(context: Context, link: Link, release: string): Promise<Answer<string>> {
  for (const { hosts, health } of stepsOf(context.plan, "health")) {
    if (!hosts.includes(link.host.name)) continue;
    const answer = await proveHealth(context, link, health, release);
    if (answer.status !== "ok") return answer;
  }
  return { status: "ok", value: `serves ${release} again` };
}
