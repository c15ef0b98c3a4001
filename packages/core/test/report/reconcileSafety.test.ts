import { decideResult, type Live, type Outcome, plan, type Result } from "@deploy/core";
import { expect, test } from "@jest/globals";
import {
  configOf,
  lostHost,
  minted,
  newRelease,
  old,
  outcomeOf,
  reachedHost,
  reconcileRequest,
  releaseOf,
  serving,
} from "../fixtures.ts";

const releases = [releaseOf(old), newRelease("good")];
const made = plan(
  configOf(),
  [serving("web1", minted, releases), reachedHost("web2", { releases }), lostHost("web3")],
  reconcileRequest(),
);
const statuses = ["ok", "failed", "unknown", "skipped", undefined] as const;
const truths = [minted, old, null, undefined] as const;

/** Every status of the late host's steps, every truth on each of the three hosts, cancelled or not. */
function* runs(): Generator<{ outcomes: readonly Outcome[]; live: readonly Live[]; cancelled: boolean }> {
  const steps = ["switch", "finish", "revert"] as const;
  for (let number = 0; number < statuses.length ** steps.length * truths.length ** 3 * 2; number += 1) {
    let rest = number;
    const pick = <T>(values: readonly T[]): T => {
      const value = values[rest % values.length] as T;
      rest = Math.floor(rest / values.length);
      return value;
    };
    const outcomes = steps.flatMap((step) => {
      const status = pick(statuses);
      return status === undefined ? [] : [outcomeOf("web2", step, status)];
    });
    const live = ["web1", "web2", "web3"].map((host) => ({ host, release: pick(truths) }));
    yield { outcomes, live, cancelled: pick([true, false]) };
  }
}

test("a reconcile holds what it promises, in every combination", () => {
  const broken: unknown[] = [];
  const seen = new Set<Result>();
  for (const run of runs()) {
    const result = decideResult({ plan: made, ...run });
    seen.add(result);
    const [web1, web2, web3] = run.live.map(({ release }) => release);
    const switched = run.outcomes.some(({ step, status }) => step === "switch" && status === "ok");
    const holds = {
      deployed: [web1, web2, web3].every((release) => release === minted) && switched,
      reverted: web1 === minted && web2 === old,
      failed: web2 !== minted,
      cancelled: web2 !== minted,
    }[result as string];
    if (holds === false) broken.push({ result, ...run });
  }
  expect(broken.slice(0, 3)).toEqual([]);
  expect([...seen].sort()).toEqual(["attention", "cancelled", "deployed", "failed", "reverted"]);
});
