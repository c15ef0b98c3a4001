import { type Config, type Facts, type LockOwner, type Plan, type PlanRequest, plan } from "@deploy/core";
import type { Control } from "@deploy/engine";
import type { Session } from "./types.ts";
import { verifyPlan } from "./verify.ts";

export interface Planner {
  readonly plan: Session["plan"];
  /** How to make a plan of this session anew, from later facts; nothing for a plan from elsewhere. */
  again(made: Plan, onReplan?: (plan: Plan) => void): Pick<Control, "replan">;
}

type Remake = (facts: readonly Facts[]) => Plan;

/** Plans from facts, and remembers what each plan was asked for and held against. */
export function plannerOf(
  config: Config,
  facts: readonly Facts[],
  {
    id,
    repository,
    configDigest,
    jumpHost,
  }: Pick<LockOwner, "id" | "repository"> & Pick<PlanRequest, "configDigest" | "jumpHost">,
): Planner {
  const remakes = new WeakMap<Plan, Remake>();
  const make = (read: readonly Facts[], request: PlanRequest, approved?: Plan | string): Plan => {
    const fresh = plan(config, read, { ...request, owner: id, repository, configDigest, jumpHost });
    if (approved !== undefined) verifyPlan(approved, fresh);
    return fresh;
  };
  return {
    plan(request, approved) {
      const made = make(facts, request, approved);
      remakes.set(made, (later) => make(later, pinned(request, made), approved));
      return made;
    },
    again(made, onReplan) {
      const remake = remakes.get(made);
      if (remake === undefined) return {};
      return {
        replan(later) {
          const fresh = remake(later);
          onReplan?.(fresh);
          return fresh;
        },
      };
    },
  };
}

/** Back to the release that was meant: "the one before" is another by the time somebody else has deployed. */
function pinned(request: PlanRequest, made: Plan): PlanRequest {
  return request.kind === "rollback" && made.release !== "" ? { ...request, to: made.release } : request;
}
