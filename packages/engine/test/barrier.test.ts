import { describe, expect, test } from "@jest/globals";
import { Barrier } from "../src/steps/barrier.ts";

const stateOf = (barrier: Barrier): readonly unknown[] => [barrier.isOpen, barrier.isShut, barrier.late];

describe("a barrier", () => {
  test("opens when the last is ready, and stays open", async () => {
    const barrier = new Barrier(["a", "b"], () => true);
    barrier.ready("a");
    expect(stateOf(barrier)).toEqual([false, false, []]);
    barrier.ready("b");
    barrier.shut("too late");
    barrier.unready("a");
    expect([barrier.isOpen, await barrier.decided]).toEqual([true, true]);
  });

  test("shuts for good with the first reason", async () => {
    const barrier = new Barrier(["a", "b"], () => true);
    barrier.shut("b could not");
    barrier.shut("another");
    barrier.ready("a");
    barrier.ready("b");
    expect([barrier.isOpen, await barrier.decided, barrier.why]).toEqual([false, false, "b could not"]);
  });

  test("waits again for one that was ready and is lost", async () => {
    const barrier = new Barrier(["a", "b"], () => true);
    barrier.ready("a");
    barrier.unready("a");
    barrier.ready("b");
    expect(stateOf(barrier)).toEqual([false, false, []]);
    barrier.ready("a");
    expect(await barrier.decided).toBe(true);
  });

  test("asks whether it may open, once all are ready", async () => {
    const asked: string[] = [];
    const barrier = new Barrier(["a", "b"], () => {
      asked.push("asked");
      return false;
    });
    barrier.ready("a");
    expect(asked).toEqual([]);
    barrier.ready("b");
    expect([asked, await barrier.decided, barrier.why]).toEqual([["asked"], false, "the run was stopped"]);
  });

  test("given up, it names who is missing", () => {
    const barrier = new Barrier(["a", "b", "c"], () => true);
    barrier.ready("a");
    barrier.giveUp("not ready within 15 s");
    barrier.ready("b");
    expect([barrier.why, barrier.late]).toEqual(["b and c were not ready within 15 s", ["b", "c"]]);
  });
});
