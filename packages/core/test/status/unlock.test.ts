import { type Facts, type LockFacts, planUnlock } from "@deploy/core";
import { describe, expect, test } from "@jest/globals";
import { configOf, lostHost, minted, newRelease, old, reachedHost, releaseOf, serving } from "../fixtures.ts";

const owner = {
  id: "r1",
  repository: "org/shop",
  run: "41",
  attempt: "1",
  actor: "ada",
  commit: "4f2a91c0d3",
  phase: "migrating",
};
const lock: LockFacts = { token: 7, expiresIn: 60, owner };
const others = [reachedHost("web2"), reachedHost("web3")];
const unlock = (...facts: readonly Facts[]) => planUnlock(facts, configOf());
const who = "run 41 of org/shop (ada), commit 4f2a91c, phase migrating";

describe("what an unlock would do", () => {
  test("nothing, where nobody holds it", () => {
    expect(unlock(reachedHost("web1"), ...others)).toEqual({ held: undefined, breaks: [] });
  });

  test("stop the run that holds it", () => {
    expect(unlock(reachedHost("web1", { lock }), ...others)).toEqual({
      held: owner,
      breaks: [
        `${who} holds it, and its lease ends in 1 min: that run could change nothing more, on any host`,
      ],
    });
  });

  test("little, where the lease is over", () => {
    expect(unlock(reachedHost("web1", { lock: { ...lock, expiresIn: -3_660 } }), ...others)).toEqual({
      held: owner,
      breaks: [`${who} is dead: its lease ended 1 h 1 min ago, and the next run takes the lock without this`],
    });
  });

  test("never while a job runs", () => {
    const jobs = [{ id: "m1", state: "running", release: minted } as const];
    expect(unlock(reachedHost("web1", { lock, jobs }), ...others)).toEqual({
      held: owner,
      breaks: [
        `${who} holds it, and its lease ends in 1 min: that run could change nothing more, on any host`,
        `migration of ${minted} (job m1) is running on web1`,
      ],
      refused: {
        code: "job-running",
        message: `migration of ${minted} (job m1) is running, and it would go on without its lock`,
        hint: "Wait until it ends; see it with: deploy status --environment production",
        place: { host: "web1" },
      },
    });
  });

  test("leave what is half done, frozen or unknown as it is, and say so", () => {
    const jobs = [
      { id: "m1", state: "lost", release: minted },
      { id: "m2", state: "foreign", release: "" },
      { id: "m3", state: "done", code: 1, release: old },
    ] as const;
    const switched = serving("web2", minted, [releaseOf(old), newRelease("active")]);
    const web1 = reachedHost("web1", { lock: { ...lock, frozen: "audit" }, jobs });
    expect(unlock(web1, switched, lostHost("web3")).breaks.slice(1)).toEqual([
      `migration of ${minted} (job m1) on web1 began and did not tell its end`,
      "job m2 on web1 was written by another version of deploy: whether it runs is not known",
      "what web3 would be left with could not be read",
      "web2 would be left on a release that was not proved good: run it again, or reconcile",
      "deploys stay frozen (audit): only `unfreeze` ends that",
    ]);
    expect(unlock(reachedHost("web1", { lock }), switched, reachedHost("web3")).breaks.slice(1)).toEqual([
      "hosts serve different releases and stay so: run it again, or reconcile",
    ]);
  });

  test("nothing at all without the leader", () => {
    expect(unlock(lostHost("web1"), ...others)).toEqual({
      held: undefined,
      breaks: [],
      refused: {
        code: "connect-refused",
        message: "port 22 is closed",
        hint: "Check it.",
        place: { host: "web1" },
      },
    });
  });
});
