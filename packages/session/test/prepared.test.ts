import type { Facts } from "@deploy/core";
import { expect, test } from "@jest/globals";
import { preparedRequest } from "../src/prepared.ts";

const whole = { id: "r1", state: "ready", manifest: "m1", commit: "c1" };
const facts = [
  { host: "web1", reached: false },
  { host: "web2", reached: true, releases: [{ id: "r2", state: "partial" }, whole] },
] as unknown as readonly Facts[];

test("a release that lies on a host is asked for by its manifest", () => {
  expect(preparedRequest(facts, "r1")).toMatchObject({
    release: "r1",
    commit: "c1",
    artifact: { manifest: "m1" },
  });
});

test.each(["r2", "r3"])("%s, of which no host has the files, is refused", (release) => {
  const problem = expect.objectContaining({ code: "release-unknown" });
  expect(() => preparedRequest(facts, release)).toThrow(expect.objectContaining({ problem }));
});
