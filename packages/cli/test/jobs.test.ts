import type { Facts } from "@deploy/core";
import type { HostJobs } from "@deploy/engine";
import { expect, test } from "@jest/globals";
import { runningLines, withTails } from "../src/jobs.ts";

const job = { id: "migrate-1", release: "1", step: "migrate", boot: "same", tail: ["a line"] } as const;
const problem = { code: "internal", message: "gone", hint: "", place: {} } as const;
const facts = [
  { host: "web1", reached: true },
  { host: "web2", reached: false },
] as unknown as readonly Facts[];

function jobsOf(...jobs: Extract<HostJobs, { reached: true }>["jobs"]): readonly HostJobs[] {
  return [
    { host: "web1", reached: true, jobs, archived: 0 },
    { host: "web2", reached: false, problem },
  ];
}

test.each([
  [
    { age: 40, silent: 3, pid: 4711 },
    "migrate-1 runs on web1, process 4711, since 40 s, last output 3 s ago",
  ],
  [
    { age: 720, silent: 119 },
    "migrate-1 runs on web1, its process is not known, since 12 min, last output 119 s ago",
  ],
  [{ age: 11_100, pid: 1 }, "migrate-1 runs on web1, process 1, since 3 h"],
])("a running job tells how it is: %j", (more, line) => {
  expect(runningLines(jobsOf({ ...job, state: "running", ...more }))).toEqual([line]);
});

test("what is over is not running", () => {
  expect(runningLines(jobsOf({ ...job, state: "lost" }, { ...job, state: "done", code: 0 }))).toEqual([]);
});

test("tails come with what went wrong, and with all of them where asked for", () => {
  const jobs = jobsOf(
    { ...job, state: "done", code: 0 },
    { ...job, state: "done", code: 3 },
    { ...job, state: "lost" },
  );
  const tails = (all: boolean) =>
    withTails(facts, jobs, all).map((host) => (host.reached ? host.jobs?.map(({ tail }) => tail) : "lost"));
  expect(tails(false)).toEqual([[undefined, ["a line"], ["a line"]], "lost"]);
  expect(tails(true)).toEqual([[["a line"], ["a line"], ["a line"]], "lost"]);
  expect(withTails(facts, jobsOf(), true)).toEqual(facts);
});
