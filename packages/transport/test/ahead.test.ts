import { PassThrough } from "node:stream";
import { expect, test } from "@jest/globals";
import type { ClientChannel } from "ssh2";
import { Ahead } from "../src/ssh/ahead.ts";

const channel = () => Object.assign(new PassThrough(), { stderr: new PassThrough(), close: () => {} });
const asOpened = (one: ReturnType<typeof channel>) => one as unknown as ClientChannel;

test("what waited and has ended is not taken: whoever asks opens one as ever", async () => {
  const opened = [channel(), channel(), channel()];
  let next = 0;
  const ahead = new Ahead(async () => asOpened(opened[next++] ?? channel()), 1);
  await ahead.take();
  await Promise.resolve();
  opened[1]?.emit("exit", 70);
  expect([await ahead.take(), await ahead.take()]).toEqual([
    { refused: true, reason: "none was open" },
    opened[2],
  ]);
});

test("after a refusal none is opened, and none waits any more", async () => {
  let asked = 0;
  const refused = { refused: true, reason: "open failed" };
  const ahead = new Ahead(async () => {
    asked += 1;
    return refused;
  }, 1);
  expect([await ahead.take(), await ahead.take(), asked]).toEqual([
    refused,
    { refused: true, reason: "none was open" },
    2,
  ]);
});

test("those that wait are let go of at the end", async () => {
  const closed: number[] = [];
  const ahead = new Ahead(
    async () => asOpened(Object.assign(channel(), { close: () => void closed.push(1) })),
    2,
  );
  ahead.end();
  await new Promise(setImmediate);
  expect([closed.length, await ahead.take()]).toEqual([2, { refused: true, reason: "none was open" }]);
});
