import { describe, expect, test } from "@jest/globals";
import { Log, logEvents } from "../src/index.ts";
import { fakeRunner, withoutTokens } from "./fakeRunner.ts";

function logged(write: (log: Log) => void): readonly string[] {
  const runner = fakeRunner();
  const log = new Log(runner);
  write(log);
  log.close();
  return withoutTokens(runner.lines);
}

describe("Log", () => {
  test("text is written where the runner reads no commands; ours lift that first", () => {
    expect(
      logged((log) => {
        log.group("one");
        log.text("::set-output name=x::evil");
        log.text("##[add-mask]evil\n");
        log.group("two");
        log.error("broken", { title: "code" });
      }),
    ).toEqual([
      "::group::one",
      "::stop-commands::TOKEN",
      "::set-output name=x::evil",
      "##[add-mask]evil",
      "::TOKEN::",
      "::endgroup::",
      "::group::two",
      '::error {"title":"code"}::broken',
      "::endgroup::",
    ]);
  });

  test("a mask is a command, whatever was printed before it", () => {
    expect(
      logged((log) => {
        log.text("reconnecting");
        log.mask(["hush hush", undefined]);
        log.text("hush hush");
      }).slice(0, 5),
    ).toEqual([
      "::stop-commands::TOKEN",
      "reconnecting",
      "::TOKEN::",
      "::add-mask::hush hush",
      expect.stringMatching("^::add-mask::"),
    ]);
  });

  test("while a client commands, text of ours is shut in on its own", async () => {
    const runner = fakeRunner();
    const log = new Log(runner);
    log.text("before");
    await log.lend(async () => {
      runner.write("::debug::one");
      log.text("between");
      runner.write("::debug::two");
    });
    log.text("after");
    const [stop, token] = ["::stop-commands::TOKEN", "::TOKEN::"];
    expect(withoutTokens(runner.lines)).toEqual(
      [
        [stop, "before", token],
        "::debug::one",
        [stop, "between", token],
        "::debug::two",
        [stop, "after"],
      ].flat(),
    );
  });

  test("every stop has a token of its own, which text cannot know", () => {
    const runner = fakeRunner();
    const log = new Log(runner);
    for (const text of ["a", "b"]) {
      log.text(text);
      log.group(text);
    }
    const tokens = runner.lines.filter((line) => line.startsWith("::stop-commands::"));
    expect(new Set(tokens).size).toBe(2);
  });

  test("colours stay, what moves the cursor or rewrites a line goes", () => {
    expect(logged((log) => log.text("\u001b[31mred\u001b[0m \u001b[2Jgone\u0007\tx\rnext\u009b1m"))).toEqual([
      "::stop-commands::TOKEN",
      "\u001b[31mred\u001b[0m [2Jgone\tx",
      "next1m",
      "::TOKEN::",
    ]);
  });
});

describe("logEvents", () => {
  test("a group per step, lines whole per host, outcomes with progress", () => {
    const lines = logged((log) => {
      const event = logEvents(log);
      const done = (host: string, status: "ok" | "failed") => ({
        kind: "outcome" as const,
        outcome: {
          host,
          id: "upload",
          step: "upload" as const,
          status,
          detail: "12 files",
          milliseconds: 1234,
        },
      });
      event({ kind: "step", step: "upload", hosts: ["web1", "web2"] });
      event({ kind: "output", host: "web1", step: "upload", text: "one\ntw" });
      event({ kind: "output", host: "web2", step: "upload", text: "other\n" });
      event({ kind: "output", host: "web1", step: "upload", text: "o\nrest" });
      event(done("web1", "ok"));
      event(done("web2", "failed"));
      const evidence = [{ title: "the answer", text: "::error::x\nend" }];
      const place = { host: "web2", step: "health", job: "j" };
      const problem = { code: "unhealthy" as const, message: "answered 500", hint: "Look.", place, evidence };
      const failed = done("web2", "failed");
      event({ ...failed, outcome: { ...failed.outcome, problem } });
      event({ kind: "note", host: "web1", text: "late" });
      event({ kind: "note", text: "all" });
      event({ kind: "step", step: "switch", hosts: ["a", "b", "c", "d"] });
    });
    expect(lines).toEqual([
      "::group::upload · web1, web2",
      "::stop-commands::TOKEN",
      "web1 | one",
      "web2 | other",
      "web1 | two",
      "web1 | rest",
      "✓ 1/2 web1: upload ok, 12 files (1.2 s)",
      "✗ 2/2 web2: upload failed, 12 files (1.2 s)",
      "✗ 3/2 web2: upload failed, unhealthy · answered 500. Look. (1.2 s)",
      "web2 | the answer:",
      "web2 | ::error::x",
      "web2 | end",
      "web1: late",
      "all",
      "::TOKEN::",
      "::endgroup::",
      "::group::switch · 4 hosts",
      "::endgroup::",
    ]);
  });
});
