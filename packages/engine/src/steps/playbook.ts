import { inventoryVariables, makeProblem, type PlayedTask, problemOf, type StepOf } from "@deploy/core";
import type { Played } from "@deploy/transport";
import type { Context } from "../context.ts";
import { type Answer, failed } from "../hosts/ask.ts";
import { everyHost } from "../hosts/fan.ts";
import { type Fleet, type Link, linkOf } from "../hosts/fleet.ts";
import type { PlaybookAsked } from "../means.ts";
import type { Runner } from "./runner.ts";

type PlaybookStep = StepOf<"playbook">;

/** One playbook for all of its hosts; each is judged by what Ansible says of it. */
export const runner: Runner<"playbook"> = {
  run(context, step) {
    let all: Promise<Played> | undefined;
    const one = async (link: Link): Promise<Answer<string>> => {
      try {
        all ??= playOn(context, step);
        return judge(await all, link, context.control.dryRun);
      } catch (error) {
        return failed(link, problemOf(error));
      }
    };
    return everyHost(context, step, step.hosts, one, (detail) => detail);
  },
};

async function playOn(context: Context, step: PlaybookStep): Promise<Played> {
  const { fleet, control, plan, means } = context;
  if (means.playbook === undefined) throw new Error("a playbook without its means");
  const links = step.hosts.map((host) => linkOf(fleet, host));
  await Promise.all(links.map((link) => link.transport !== undefined || link.reconnect()));
  return means.playbook({
    ...askedOf(fleet, plan, step),
    // A dry run looks, and changes nothing.
    check: control.dryRun,
    signal: control.signal,
    onLine: (text) => control.events({ kind: "note", text }),
  });
}

/** A playbook of a plan, as far as hosts and facts are concerned. */
export function askedOf(
  fleet: Fleet,
  plan: Context["plan"],
  step: PlaybookStep,
): Pick<PlaybookAsked, "playbook" | "hosts" | "transportOf" | "facts"> {
  return {
    playbook: step,
    hosts: fleet.hosts.filter(({ name }) => step.hosts.includes(name)),
    transportOf: (host) => (step.hosts.includes(host) ? linkOf(fleet, host).transport : undefined),
    facts: { ...inventoryVariables(plan), deploy_release: plan.release },
  };
}

function judge({ code, summaries, tasks }: Played, link: Link, dryRun: boolean): Answer<string> {
  const { name } = link.host;
  const summary = summaries.get(name);
  const mine = tasks.filter(({ host }) => host === name);
  const bad = mine.find(({ state }) => state !== "changed");
  if (bad !== undefined) return failed(link, makeProblem("playbook-failed", saidOf(bad)));
  if (summary === undefined && code === 0) return { status: "ok", value: "no task is for it" };
  if (code !== 0 && (summary === undefined || summary.failures + summary.unreachable > 0))
    return failed(link, makeProblem("playbook-failed", `Ansible exited ${code} before ${name} was done`));
  const names = mine.map(({ task }) => task);
  if (names.length === 0) return { status: "ok", value: "nothing to change" };
  return { status: "ok", value: `${dryRun ? "would change" : "changed"}: ${names.join(", ")}` };
}

function saidOf({ host, task, state, text }: PlayedTask): string {
  const why = text.split("\n")[0] ?? "";
  return `${task} ${state === "failed" ? "failed" : "found nobody"} on ${host}${why === "" ? "" : `: ${why}`}`;
}
