import { expect, test } from "@jest/globals";
import { isDeadHere, laptopOwner, processMark } from "../src/owner.ts";

test("the owner of a lock is one line of words, whatever the machine is called", () => {
  expect(
    laptopOwner({
      user: "Zoë O'Neil",
      machine: "lap top\n$(id)",
      commit: "4f2a91c",
      phase: "deploy",
      process: "42.00",
      nonce: "n-1",
    }),
  ).toEqual({
    id: "laptop:Zo--O-Neil@lap-top---id-:42.00:n-1",
    repository: "",
    run: "",
    attempt: "",
    actor: "Zo--O-Neil@lap-top---id-",
    commit: "4f2a91c",
    phase: "deploy",
  });
});

test("a lock is its holder's to take who is dead on this very machine, and of nobody else", () => {
  const me = { user: "ada", machine: "desk" };
  const held = (process: string, who = me) =>
    laptopOwner({ ...who, process, commit: "-", phase: "deploy", nonce: "n-1" });
  const over = (owner: ReturnType<typeof held>, alive: boolean) => isDeadHere(me, () => alive)(owner);
  const mine = processMark(4242);
  expect([
    over(held(mine), false),
    over(held(mine), true),
    over(held(mine, { ...me, user: "bob" }), false),
    over(held("4242.otherone"), false),
    over({ ...held(mine), id: "org/shop/41/1" }, false),
    over({ ...held(mine), id: "laptop:ada@desk:n-1" }, false),
  ]).toEqual([true, false, false, false, false, false]);
});
