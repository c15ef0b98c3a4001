import { expect, test } from "@jest/globals";
import { DeployError, needZstd } from "../src/index.ts";

test("a Node without zstd is told by its version, with the one it takes", () => {
  let said: unknown;
  try {
    needZstd(false);
  } catch (error) {
    said = error;
  }
  expect(said).toBeInstanceOf(DeployError);
  const { code, message, hint } = (said as DeployError).problem;
  expect([code, message]).toEqual([
    "runtime-too-old",
    `Node ${process.versions.node} neither packs nor unpacks zstd`,
  ]);
  expect(hint).toContain("Node 22.15 or newer");
  expect(() => needZstd(true)).not.toThrow();
});
