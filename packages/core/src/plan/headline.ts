import { shortCommit } from "../releases/id.ts";
import { kindOf, type StepName, stepKinds } from "../steps/kinds.ts";
import { withoutWords } from "./leftOut.ts";
import { stepsOf, switchedHosts } from "./stages.ts";
import type { Plan } from "./types.ts";
import { count, cut } from "./words.ts";

const most = 100;

type Draft = Omit<Plan, "headline" | "digest">;

/** The plan in one line of at most 100 characters, for the name of the job that waits for approval. */
export function planHeadline(plan: Draft): string {
  return cut(wholeHeadline(plan), most);
}

/** What people call the release: seven characters of the commit, or the whole id where there is none. */
export function shortName(plan: Pick<Plan, "kind" | "commit" | "release">): string {
  return plan.kind === "deploy" ? shortCommit(plan.commit) || plan.release : plan.release;
}

function wholeHeadline(plan: Draft): string {
  const where = `${count(plan.hosts.length, "host")} of ${plan.environment}${withoutWords(plan)}`;
  if (plan.problems.length > 0) {
    const what = {
      deploy: `deploy ${shortName(plan)} to`,
      rollback: "roll back",
      reconcile: "reconcile",
    }[plan.kind];
    return `cannot ${what} ${plan.environment}: ${count(plan.problems.length, "problem")}`;
  }
  if (!plan.changed) return `Nothing to do: ${shortName(plan)} is live on ${reachedWords(plan)}`;
  if (plan.kind === "reconcile")
    return `${switchedHosts(plan).length} of ${count(plan.hosts.length, "host")} to ${plan.release}`;
  if (plan.kind === "rollback") return `back to ${plan.release} on ${where}`;
  return `${shortName(plan)}${plan.forced === true ? " again (forced)" : ""} to ${where}: ${workParts(plan).join(", ")}`;
}

/** `3 hosts`, `2 of 3 hosts` where one could not be read. */
export function reachedWords(plan: Pick<Plan, "hosts" | "without">): string {
  const { hosts } = plan;
  const reached = hosts.filter((host) => host.reached !== false).length;
  return `${reached === hosts.length ? "" : `${reached} of `}${count(hosts.length, "host")}${withoutWords(plan)}`;
}

function workParts(plan: Draft): readonly string[] {
  return (Object.keys(stepKinds) as StepName[]).flatMap((name) => {
    const steps = stepsOf(plan).filter(({ step }) => step === name);
    return steps.length === 0 ? [] : (kindOf({ step: name }).headline?.(steps) ?? []);
  });
}
