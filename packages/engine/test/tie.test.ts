import { setImmediate } from "node:timers/promises";
import { expect, test } from "@jest/globals";
import { tieTo } from "../src/steps/tie.ts";
import { ManualClock } from "./clock.ts";

function tied() {
  const [run, clock] = [new AbortController(), new ManualClock()];
  const tie = tieTo(run.signal, clock);
  let open = true;
  const reading = (async () => {
    for await (const _ of tie.options.input) throw new Error("something came");
    open = false;
  })();
  const state = async () => {
    await setImmediate();
    return [open ? "open" : "ended", tie.options.signal.aborted ? "given up" : "waiting"];
  };
  return { run, clock, tie, reading, state };
}

test("stdin ends with the run; five seconds later nobody waits any more", async () => {
  const { run, clock, state } = tied();
  await clock.advance(60_000);
  expect(await state()).toEqual(["open", "waiting"]);
  run.abort();
  expect(await state()).toEqual(["ended", "waiting"]);
  await clock.advance(4_999);
  expect(await state()).toEqual(["ended", "waiting"]);
  await clock.advance(1);
  expect(await state()).toEqual(["ended", "given up"]);
});

test("of a command that is over nothing is left to wait for", async () => {
  const { run, clock, tie, reading, state } = tied();
  tie.loose();
  await reading;
  run.abort();
  await clock.advance(60_000);
  expect((await state())[0]).toBe("ended");
});
