import { expect, test } from "@jest/globals";
import { isReleaseTree, npmPackage } from "../render/package.ts";

test.each([
  ["v1.2.3", "1.2.3"],
  ["v1.2.3-explicit", "1.2.3"],
  ["v1", "0.0.0"],
  ["main", "0.0.0"],
])("%s is published as version %s, under the repository's own name", (ref, version) => {
  expect(JSON.parse(npmPackage({ repository: "Acme/Ship", ref }))).toMatchObject({
    name: "@acme/ship",
    version,
    repository: "github:Acme/Ship",
    type: "module",
    bin: { deploy: "dist/cli/index.mjs" },
  });
});

test("a rendered tree is known by it, another package is not", () => {
  for (const ours of [npmPackage({ repository: "acme/ship", ref: "v1" }), '{"type":"module"}\n'])
    expect(isReleaseTree(ours)).toBe(true);
  for (const other of ['{"type":"commonjs"}', "{", "null", '{"bin":"dist/cli/index.mjs"}'])
    expect(isReleaseTree(other)).toBe(false);
});
