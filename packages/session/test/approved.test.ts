import { type Plan, planDigest } from "@deploy/core";
import { approvedPlan, parsePlan } from "@deploy/session";
import { expect, test } from "@jest/globals";

const draft = { schema: 3, kind: "deploy", release: "r1", stages: [] } as unknown as Omit<Plan, "digest">;
const plan = { ...draft, digest: planDigest(draft) };

test("a plan is what its digest says, or refused", () => {
  expect(parsePlan(JSON.stringify(plan))).toEqual(plan);
  const refused = ["no JSON", "null", JSON.stringify({ ...plan, release: "r2" })];
  const problem = expect.objectContaining({ code: "plan-invalid" });
  for (const text of refused) expect(() => parsePlan(text)).toThrow(expect.objectContaining({ problem }));
});

test("a plan of another version is refused with the way out", () => {
  const older = { schema: 1, kind: "deploy", release: "r1", steps: [] } as unknown as Omit<Plan, "digest">;
  const text = JSON.stringify({ ...older, digest: planDigest(older) });
  expect(() => approvedPlan(text, undefined)).toThrow(
    "The plan given as approved is of schema 1; this version of deploy carries out schema 3",
  );
});

test("plan and digest must agree", () => {
  expect(approvedPlan(JSON.stringify(plan), plan.digest)).toEqual(plan);
  expect(() => approvedPlan(JSON.stringify(plan), "other")).toThrow(`approved was other`);
});
