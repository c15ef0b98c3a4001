import { DeployError, DeployErrors } from "@deploy/core";
import { describe, expect, test } from "@jest/globals";
import { type Action, type ActionResult, runAction } from "../src/index.ts";
import { type FakeRunner, fakeRunner, withoutTokens } from "./fakeRunner.ts";

const fine: ActionResult = {
  result: "deployed",
  headline: "live",
  outputs: { release: "r1" },
  summary: "# ok",
};

async function run(change: Partial<Action<string>>, runner: FakeRunner = fakeRunner()): Promise<FakeRunner> {
  const action: Action<string> = {
    inputs: ["hosts", "summary"],
    read: (reader) => reader.string("hosts") ?? "none",
    main: async () => fine,
    ...change,
  };
  await runAction(action, runner);
  return runner;
}

describe("runAction", () => {
  test("a result becomes headline, outputs, summary and exit code 0", async () => {
    const runner = await run({});
    expect(runner.outputs).toEqual({ release: "r1", result: "deployed" });
    expect([runner.exits, runner.summaries, withoutTokens(runner.lines)]).toEqual([
      [0],
      ["# ok"],
      ["::stop-commands::TOKEN", "live", "::TOKEN::"],
    ]);
  });

  test.each([
    ["prepared", 0],
    ["planned", 0],
    ["failed", 1],
    ["reverted", 1],
    ["attention", 1],
    ["locked", 1],
    ["cancelled", 130],
  ] as const)("%s ends with %d", async (result, code) => {
    const runner = await run({ main: async () => ({ ...fine, result }) });
    expect([runner.exits, runner.outputs.result]).toEqual([[code], result]);
  });

  test("problems become annotations with their place, at most five; all are in the log and the summary", async () => {
    const problems = [1, 2, 3, 4, 5, 6, 7].map(
      (line) =>
        new DeployError("config-missing", `bad <b> ${line}`, { place: { file: "f.yml", line, column: 2 } })
          .problem,
    );
    const runner = await run({ main: () => Promise.reject(new DeployErrors(problems)) });
    const annotations = runner.lines.filter((line) => line.startsWith("::error"));
    expect(annotations).toHaveLength(5);
    expect(annotations[0]).toContain(
      '{"title":"config-missing","file":"f.yml","startLine":1,"startColumn":2}',
    );
    expect(runner.lines.filter((line) => line.includes("bad <b> "))).toHaveLength(7);
    expect(runner.summaries.join("").match(/bad &lt;b&gt; \d/g)).toHaveLength(7);
    expect([runner.exits, runner.outputs.result]).toEqual([[1], "failed"]);
  });

  test("where the next move differs, the action's own is told: in log, annotation and summary", async () => {
    const locked = new DeployError("locked", "run 41 holds it");
    const runner = await run({ main: () => Promise.reject(locked) });
    expect(runner.lines.join("\n")).toMatch(/^::error .*the action unlock \(`confirm: true`\)\.$/m);
    expect([...runner.lines, ...runner.summaries].join("\n")).not.toContain("deploy unlock");
    const late = await run({ post: () => Promise.reject(locked) }, fakeRunner({}));
    const post = await run({ post: () => Promise.reject(locked) }, late);
    expect(post.lines.filter((line) => line.startsWith("::warning")).join()).toContain("the action unlock");
    const told = await run({ main: async () => ({ ...fine, problems: [locked.problem] }) });
    expect(told.lines.join("\n")).toContain("the action unlock");
  });

  test("a defect is a problem too, and a wrong input stops before main", async () => {
    const defect = await run({ main: () => Promise.reject(new TypeError("x is undefined")) });
    expect(defect.lines.join("\n")).toContain('{"title":"internal"}::internal · x is undefined');
    let ran = false;
    const typo = await run(
      {
        main: async () => {
          ran = true;
          return fine;
        },
      },
      fakeRunner({ INPUT_HOST: "x" }),
    );
    expect([ran, typo.exits, typo.outputs.result]).toEqual([false, [1], "failed"]);
    expect(typo.lines.join("\n")).toContain('Did you mean "hosts"?');
  });

  test("summary: false writes none; a summary too long is cut at a line, saying so", async () => {
    const quiet = await run({}, fakeRunner({ INPUT_SUMMARY: "false" }));
    expect(quiet.summaries).toEqual([]);
    const long = await run({
      main: async () => ({ ...fine, summary: "ä".repeat(99).concat("\n").repeat(10_000) }),
    });
    const [summary = ""] = long.summaries;
    expect(Buffer.byteLength(summary)).toBeLessThan(901 * 1024);
    expect(
      summary.endsWith("ä\n\n\nThis summary is longer than GitHub shows; the rest is in the log.\n"),
    ).toBe(true);
  });

  test("post runs instead of main in the second process, and only warns when it fails", async () => {
    const runner = fakeRunner({ INPUT_HOSTS: "web1" });
    await run({}, runner);
    const seen: string[] = [];
    await run({ post: async (inputs) => void seen.push(inputs) }, runner);
    await run({ post: () => Promise.reject(new DeployError("config-missing", "gone")) }, runner);
    expect([seen, runner.exits]).toEqual([["web1"], [0, 0, 0]]);
    expect(runner.lines.filter((line) => line.startsWith("::warning"))).toEqual([
      expect.stringContaining("::warning::gone."),
    ]);
  });

  test("the first signal aborts, the second ends the process with 130", async () => {
    const runner = fakeRunner();
    await run(
      {
        main: async (_, { signal }) => {
          runner.signal();
          expect([signal.aborted, [...runner.exits]]).toEqual([true, []]);
          runner.signal();
          expect(runner.exits).toEqual([130]);
          throw new Error("stopped");
        },
      },
      runner,
    );
    expect([runner.outputs.result, runner.exits]).toEqual(["cancelled", [130, 130]]);
  });
});
