import { expect, test } from "@jest/globals";
import {
  frame,
  jobEnd,
  jobFollow,
  jobLaunch,
  jobList,
  jobSettle,
  lockFreeze,
  lockRelease,
  lockUnfreeze,
} from "../src/index.ts";
import { releaseA } from "./scenario.ts";

const base = "/srv/shop";
const fence = { base, token: 1, owner: "run-1" };
const job = `migrate-${releaseA}`;
const exited = (stdout: string, code = 0) =>
  ({ status: "exited", code, stdout, stderr: "", dropped: 0 }) as const;
const launch = jobLaunch({
  ...{ fence, job, release: releaseA, directory: "release", step: "migrate", run: "true" },
});
const follow = jobFollow({ base, job, offset: 10, wait: 5 });

test("every rehearsal is an answer that parses", () => {
  const list = jobList(base);
  expect(launch.parse(exited(launch.rehearsal))).toEqual({
    ...{ started: true, state: "running", pid: 1, boot: "same" },
  });
  expect(follow.parse(exited(follow.rehearsal))).toEqual({
    ...{ id: job, state: "done", code: 0, pid: 1, age: 0, silent: 0, ended: 0, boot: "same" },
    ...{ release: "", step: "", bytes: new Uint8Array(), offset: 10, over: true },
  });
  const end = jobEnd({ fence, job, grace: 5 });
  expect(end.parse(exited(end.rehearsal))).toMatchObject({ state: "done", code: 143, note: "ended" });
  const settle = jobSettle({ fence, job, as: "done" });
  expect(settle.parse(exited(settle.rehearsal))).toEqual({ changed: true });
  expect(list.parse(exited(list.rehearsal))).toEqual({ jobs: [], archived: 0 });
  for (const command of [lockFreeze({ base, owner: "ada", reason: "x" }), lockUnfreeze({ base })])
    expect(command.parse(exited(command.rehearsal))).toEqual({ was: false });
});

test("what a command is, is told by its kind and arguments", () => {
  expect([launch.kind, launch.args]).toEqual([
    "idempotent",
    [base, "1", "run-1", job, releaseA, "release", "migrate", "-", "true"],
  ]);
  expect([follow.kind, follow.args]).toEqual(["read", ["follow", base, job, "10", "5"]]);
  const force = { token: 7, mend: true };
  expect(lockRelease({ base, owner: "ada", force }).args).toEqual(["force", base, "ada", "7", "1"]);
});

test.each([
  ["a state that is not known", frame(`job ${job} fine 0 1 0 0 same - - - - - 0 `)],
  ["no state", frame("base64 QUFB")],
  ["a cut answer", `\n--deploy-begin--\njob ${job} done 0 1 0 0 same - - - - - 0 \nbase64 QU`],
])("%s is never a good end", (_, stdout) => {
  expect(() => follow.parse(exited(stdout))).toThrow(
    expect.objectContaining({ problem: expect.objectContaining({ code: "answer-unreadable" }) }),
  );
});

test("a chunk at the limit is not the end, whatever the state; the clock going back is no negative age", () => {
  const chunk = Buffer.alloc(262_144, "x").toString("base64");
  const full = frame(`job ${job} done 0 1 -5 -5 same - - - - - 0 `, `base64 ${chunk}`);
  expect(follow.parse(exited(full))).toMatchObject({ over: false, offset: 262_154, age: 0, silent: 0 });
  const running = frame(`job ${job} running - 1 5 5 same no-flock - - - - - `);
  expect(follow.parse(exited(running))).toMatchObject({ over: false, weaker: "no-flock" });
});

test.each([[""], ["."], [".."], ["a/b"], ["a b"], ["~1"], ["x".repeat(121)], ["é"], ["$(id)"]])(
  "the job id %j is refused before any connection",
  (id) => {
    expect(() => jobFollow({ base, job: id, offset: 0, wait: 0 })).toThrow(/^not a job id/);
  },
);
