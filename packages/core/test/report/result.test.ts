import {
  decideResult,
  type Live,
  makeReport,
  type Outcome,
  type Plan,
  plan,
  type Result,
  type Status,
  type Step,
} from "@deploy/core";
import { describe, expect, test } from "@jest/globals";
import {
  allOk,
  configOf,
  deployPlan,
  deployRequest,
  fleetOf,
  fullConfig,
  liveAll,
  lostHost,
  minted,
  newRelease,
  old,
  outcomeOf,
  reachedHost,
  releaseOf,
  serving,
} from "../fixtures.ts";

const names = ["web1", "web2", "web3"];
const whole = deployPlan(fullConfig());

function decide(
  outcomes: readonly Outcome[],
  live: readonly Live[],
  more: { cancelled?: boolean; plan?: Plan } = {},
): Result {
  return decideResult({ plan: whole, cancelled: false, ...more, outcomes, live });
}

const each = (step: Outcome["step"], status: Status = "ok", undoes?: readonly string[]): readonly Outcome[] =>
  names.map((host) => outcomeOf(host, step, status, undoes === undefined ? {} : { undoes }));
const liveOf = (...releases: readonly (string | null | undefined)[]): readonly Live[] =>
  names.map((host, index) => ({ host, release: releases[index] }));
const locked = outcomeOf("web1", "lock", "failed", {
  problem: { code: "locked", message: "held", hint: "wait", place: {} } as unknown as NonNullable<
    Outcome["problem"]
  >,
});
const upload = each("upload");
const endedCommand = [
  ...upload,
  outcomeOf("web1", "prepare", "failed", {
    problem: { code: "command-ended", message: "`npm ci` was ended", hint: "Again.", place: {} },
  }),
];
const switched = [...upload, ...each("prepare"), ...each("switch")];

test("a report has no warning that the run itself made untrue", () => {
  const passing = [
    { text: "locked by run 41: its lease ends in 1 min, until then a run is refused", until: "locked" },
    { text: "a lock was left by run 41, which is dead: its lease ended 1 h ago", until: "locked" },
    { text: "hosts serve different releases (they drifted apart): web1: a; web2: b", until: "deployed" },
  ] as const;
  const warnings = [...passing.map(({ text }) => text), "check NTP"];
  const report = (outcomes: readonly Outcome[], live: readonly Live[]) =>
    makeReport({
      plan: { ...whole, warnings, passing },
      cancelled: false,
      outcomes,
      live,
      dryRun: false,
      timings: { total: 0 },
    });
  const lock = outcomeOf("web1", "lock");
  expect(report([lock, ...allOk(whole)], liveAll(whole, minted)).warnings).toEqual(["check NTP"]);
  expect(report([lock, ...upload], liveAll(whole, old)).warnings).toEqual(warnings.slice(2));
  expect(report([locked], liveAll(whole, old)).warnings).toEqual(warnings);
});

describe("what a run came to", () => {
  test.each<[string, Result, readonly Outcome[], readonly Live[], boolean?]>([
    ["all ok and read back", "deployed", allOk(whole), liveAll(whole, minted)],
    ["all ok but one host not read back", "attention", allOk(whole), liveOf(minted, minted, undefined)],
    ["all ok but a host's answer missing", "attention", allOk(whole), liveOf(minted, minted).slice(0, 2)],
    ["all ok but a host serves the old one", "attention", allOk(whole), liveOf(minted, old, minted)],
    [
      "all live, a step has no outcome",
      "attention",
      allOk(whole).filter(({ step }) => step !== "health"),
      liveAll(whole, minted),
    ],
    [
      "all live and proved, marking failed: no reason to go back, and not the whole of it",
      "attention",
      [
        ...allOk(whole).filter(({ id, host }) => id !== "finish" || host !== "web2"),
        outcomeOf("web2", "finish", "failed"),
      ],
      liveAll(whole, minted),
    ],
    [
      "one of two prepare commands has no outcome",
      "attention",
      allOk(whole).filter(({ id }) => id !== "prepare-2"),
      liveAll(whole, minted),
    ],
    [
      "one of two reloads ran, all went back",
      "reverted",
      [
        ...switched,
        outcomeOf("web1", "reload", "ok", { id: "reload-1" }),
        ...each("revert", "ok", ["switch", "reload-1"]),
      ],
      liveAll(whole, old),
    ],
    [
      "a reload was not undone",
      "attention",
      [...switched, outcomeOf("web1", "reload", "ok", { id: "reload-1" }), ...each("revert")],
      liveAll(whole, old),
    ],
    ["all serve the old one, and nobody took them back", "attention", switched, liveAll(whole, old)],
    ["cancelled too late", "deployed", allOk(whole), liveAll(whole, minted), true],
    [
      "an upload failed",
      "failed",
      [...upload.slice(1), outcomeOf("web1", "upload", "failed")],
      liveAll(whole, old),
    ],
    ["an upload is unknown", "failed", [outcomeOf("web1", "upload", "unknown")], liveAll(whole, old)],
    [
      "a host was never reached",
      "failed",
      [outcomeOf("web1", "connect", "failed")],
      liveOf(undefined, old, old),
    ],
    [
      "a migration failed",
      "failed",
      [...upload, outcomeOf("web1", "migrate", "failed")],
      liveAll(whole, old),
    ],
    [
      "a migration is unknown",
      "attention",
      [...upload, outcomeOf("web1", "migrate", "unknown")],
      liveAll(whole, old),
    ],
    ["nothing is known at all", "attention", [], []],
    ["steps vanished, the hosts were read", "failed", upload, liveAll(whole, old)],
    ["the lock was held", "locked", [locked], liveAll(whole, old)],
    [
      "the lock could not be asked for",
      "failed",
      [outcomeOf("web1", "lock", "unknown")],
      liveAll(whole, old),
    ],
    ["cancelled before the switch", "cancelled", upload, liveAll(whole, old), true],
    ["cancelled before anything", "cancelled", [], [], true],
    ["cancelled, and what ran was ended", "cancelled", endedCommand, liveAll(whole, old), true],
    [
      "cancelled, and an upload failed",
      "failed",
      [outcomeOf("web1", "upload", "failed")],
      liveAll(whole, old),
      true,
    ],
    [
      "health failed, all went back",
      "reverted",
      [...switched, outcomeOf("web2", "health", "failed"), ...each("revert")],
      liveAll(whole, old),
    ],
    [
      "cancelled after the switch, all went back",
      "reverted",
      [...switched, ...each("revert")],
      liveAll(whole, old),
      true,
    ],
    ["one went not back", "attention", [...switched, ...each("revert")], liveOf(old, minted, old)],
    [
      "a host back, but its reload failed",
      "attention",
      [...switched, ...each("revert", "failed")],
      liveAll(whole, old),
    ],
    [
      "a switch unknown, then taken back",
      "reverted",
      [...each("switch", "unknown"), ...each("revert")],
      liveAll(whole, old),
    ],
    [
      "a switch unknown, host not read",
      "attention",
      [...each("switch", "unknown")],
      liveOf(old, old, undefined),
    ],
    ["every switch refused", "failed", [...upload, ...each("switch", "failed")], liveAll(whole, old)],
    [
      "every switch skipped at the barrier",
      "failed",
      [outcomeOf("web1", "switch", "skipped"), outcomeOf("web2", "prepare", "failed")],
      liveAll(whole, old),
    ],
    [
      "somebody else switched meanwhile",
      "attention",
      [...upload, ...each("switch", "failed")],
      liveOf("x", old, old),
    ],
    ["no outcome, but a host serves the new one", "attention", [], liveOf(minted, old, old)],
  ])("%s: %s", (_, expected, outcomes, live, cancelled = false) => {
    expect(decide(outcomes, live, { cancelled })).toBe(expected);
  });

  test("a plan with problems fails before anything is touched", () => {
    const stopped = plan(configOf(), [lostHost("web1"), ...fleetOf().slice(1)], deployRequest());
    expect(decide([], [], { plan: stopped })).toBe("failed");
  });

  test("nothing to do is deployed only where every host was read as serving it", () => {
    const facts = names.map((name) => serving(name, minted, [newRelease("good")]));
    const idle = plan(configOf(), facts, deployRequest());
    expect(decide([], liveAll(idle, minted), { plan: idle })).toBe("deployed");
    expect(decide([], liveOf(minted, minted, undefined), { plan: idle })).toBe("attention");
    expect(decide([], liveOf(minted, minted, old), { plan: idle })).toBe("attention");
  });

  test("phases without the switch end as prepared, never as deployed", () => {
    const run = { plan: whole, live: liveAll(whole, old), cancelled: false };
    const prepared = allOk(whole).filter(({ step }) => step === "upload" || step === "prepare");
    expect(decideResult({ ...run, phases: ["prepare"], outcomes: prepared })).toBe("prepared");
    expect(decideResult({ ...run, phases: ["prepare"], outcomes: prepared.slice(1) })).toBe("failed");
    const first = prepared.filter(({ id }) => id !== "prepare-2");
    expect(decideResult({ ...run, phases: ["prepare"], outcomes: first })).toBe("failed");
    expect(decideResult({ ...run, phases: ["data"], outcomes: prepared })).toBe("failed");
    const activated = allOk(whole).filter(({ step }) =>
      ["switch", "reload", "health", "finish"].includes(step),
    );
    expect(
      decideResult({ ...run, phases: ["activate"], live: liveAll(whole, minted), outcomes: activated }),
    ).toBe("deployed");
  });

  test("a step that nobody ran is in the way of `deployed`, whatever it is", () => {
    const [wave] = whole.stages.filter(({ kind }) => kind === "wave");
    const drain = { id: "drain", step: "drain", hosts: names } as unknown as Step;
    const stages = whole.stages.map((stage) =>
      stage === wave ? { ...stage, steps: [drain, ...stage.steps] } : stage,
    );
    expect(decide(allOk(whole), liveAll(whole, minted), { plan: { ...whole, stages } })).toBe("attention");
  });

  test("a dry run is planned, never deployed", () => {
    const run = { plan: whole, live: liveAll(whole, minted), cancelled: false, dryRun: true };
    expect(decideResult({ ...run, outcomes: allOk(whole) })).toBe("planned");
    expect(decideResult({ ...run, outcomes: [outcomeOf("web1", "upload", "failed")] })).toBe("failed");
  });

  test("a host an interrupted run had switched counts as back where it serves what the others do", () => {
    const facts = [
      serving("web1", minted, [releaseOf(old), newRelease("active")]),
      reachedHost("web2"),
      reachedHost("web3"),
    ];
    const resumed = plan(configOf(), facts, deployRequest());
    const outcomes = [...switched, outcomeOf("web3", "health", "failed"), ...each("revert")];
    expect(decide(outcomes, liveOf(old, old, old), { plan: resumed })).toBe("reverted");
    expect(decide(outcomes, liveOf(minted, old, old), { plan: resumed })).toBe("attention");
  });

  test("a whole fleet on an unproved release has nowhere to go back to", () => {
    const facts = names.map((name) => serving(name, minted, [releaseOf(old), newRelease("active")]));
    const resumed = plan(configOf(), facts, deployRequest());
    const outcomes = [...switched, outcomeOf("web3", "health", "failed"), ...each("revert")];
    expect(decide(outcomes, liveAll(resumed, minted), { plan: resumed })).toBe("attention");
  });
});
