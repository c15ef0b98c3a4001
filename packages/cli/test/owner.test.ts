import { expect, test } from "@jest/globals";
import { laptopOwner } from "../src/owner.ts";

test("the owner of a lock is one line of words, whatever the machine is called", () => {
  expect(
    laptopOwner({
      user: "Zoë O'Neil",
      machine: "lap top\n$(id)",
      commit: "4f2a91c",
      phase: "deploy",
      nonce: "n-1",
    }),
  ).toEqual({
    id: "laptop:Zo--O-Neil@lap-top---id-:n-1",
    repository: "",
    run: "",
    attempt: "",
    actor: "Zo--O-Neil@lap-top---id-",
    commit: "4f2a91c",
    phase: "deploy",
  });
});
