import { shortCommit } from "../releases/id.ts";
import type { Plan, Step } from "./types.ts";
import { count, cut } from "./words.ts";

const most = 100;

type Draft = Omit<Plan, "headline" | "digest">;

/** The plan in one line of at most 100 characters, for the name of the job that waits for approval. */
export function planHeadline(plan: Draft): string {
  return cut(wholeHeadline(plan), most);
}

/** What people call the release: seven characters of the commit, or the whole id where there is none. */
export function shortName(plan: Pick<Plan, "kind" | "commit" | "release">): string {
  return plan.kind === "rollback" ? plan.release : shortCommit(plan.commit) || plan.release;
}

function wholeHeadline(plan: Draft): string {
  const where = `${count(plan.hosts.length, "host")} of ${plan.environment}`;
  if (plan.problems.length > 0) {
    const what = plan.kind === "rollback" ? "roll back" : `deploy ${shortName(plan)} to`;
    return `cannot ${what} ${plan.environment}: ${count(plan.problems.length, "problem")}`;
  }
  if (!plan.changed)
    return `Nothing to do: ${shortName(plan)} is live on ${count(plan.hosts.length, "host")}`;
  if (plan.kind === "rollback") return `back to ${plan.release} on ${where}`;
  return `${shortName(plan)} to ${where}: ${[...workParts(plan.steps), switchPart(plan)].join(", ")}`;
}

function workParts(steps: readonly Step[]): readonly string[] {
  const prepares = steps.filter(({ step }) => step === "prepare").length;
  return [
    prepares === 0 ? "" : count(prepares, "prepare command"),
    steps.some(({ step }) => step === "backup") ? "backup" : "",
    steps.some(({ step }) => step === "migrate") ? "migration" : "",
  ].filter((part) => part !== "");
}

function switchPart({ hosts }: Draft): string {
  return hosts.length === 1 ? "switch" : "switch together";
}
