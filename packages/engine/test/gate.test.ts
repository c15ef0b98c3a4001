import { describe, expect, test } from "@jest/globals";
import { Gate } from "../src/gate.ts";

const stateOf = (gate: Gate): readonly unknown[] => [gate.isOpen, gate.isShut, gate.late];

describe("a gate", () => {
  test("opens when the last is ready, and stays open", async () => {
    const gate = new Gate(["a", "b"], () => true);
    gate.ready("a");
    expect(stateOf(gate)).toEqual([false, false, []]);
    gate.ready("b");
    gate.shut("too late");
    gate.unready("a");
    expect([gate.isOpen, await gate.decided]).toEqual([true, true]);
  });

  test("shuts for good with the first reason", async () => {
    const gate = new Gate(["a", "b"], () => true);
    gate.shut("b could not");
    gate.shut("another");
    gate.ready("a");
    gate.ready("b");
    expect([gate.isOpen, await gate.decided, gate.why]).toEqual([false, false, "b could not"]);
  });

  test("waits again for one that was ready and is lost", async () => {
    const gate = new Gate(["a", "b"], () => true);
    gate.ready("a");
    gate.unready("a");
    gate.ready("b");
    expect(stateOf(gate)).toEqual([false, false, []]);
    gate.ready("a");
    expect(await gate.decided).toBe(true);
  });

  test("asks whether it may open, once all are ready", async () => {
    const asked: string[] = [];
    const gate = new Gate(["a", "b"], () => {
      asked.push("asked");
      return false;
    });
    gate.ready("a");
    expect(asked).toEqual([]);
    gate.ready("b");
    expect([asked, await gate.decided, gate.why]).toEqual([["asked"], false, "the run was stopped"]);
  });

  test("given up, it names who is missing", () => {
    const gate = new Gate(["a", "b", "c"], () => true);
    gate.ready("a");
    gate.giveUp("not ready within 15 s");
    gate.ready("b");
    expect([gate.why, gate.late]).toEqual(["b and c were not ready within 15 s", ["b", "c"]]);
  });
});
