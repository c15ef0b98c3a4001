import { describe, expect, test } from "@jest/globals";
import { checkReference, parseRenderOptions } from "../render/options.ts";

const args = ["--repository", "org/deploy", "--ref", "v1", "--self", "explicit", "--out", "tree"];
const without = (name: string) => {
  const at = args.indexOf(name);
  return args.filter((_, index) => index !== at && index !== at + 1);
};

describe("parseRenderOptions", () => {
  test("reads all four", () => {
    expect(parseRenderOptions(args, "/here")).toEqual({
      repository: "org/deploy",
      ref: "v1",
      self: "explicit",
      out: "/here/tree",
    });
  });

  test.each([
    [[...args, "--self", "both"], '--self: expected dollar or explicit, got "both"'],
    [without("--self"), '--self: expected dollar or explicit, got ""'],
    [without("--out"), "--out: expected a folder, got nothing"],
    [without("--ref"), '--ref: expected a tag or a branch, got ""'],
    [without("--repository"), '--repository: expected owner/name, got ""'],
    [[...args, "--force"], "Unknown option '--force'"],
  ])("refuses %j", (bad, message) => {
    expect(() => parseRenderOptions(bad, "/here")).toThrow(message);
  });
});

describe("checkReference", () => {
  test.each(["v1", "v1.2.3", "releases/v1", "main", "0123456789abcdef"])("takes the ref %s", (ref) => {
    expect(checkReference({ repository: "Org-1/my.deploy_2", ref })).toBeUndefined();
  });

  test.each([
    "-v1",
    "v1 ",
    "v1\nrun: x",
    "a..b",
    "a//b",
    "a/",
    "a.",
    "a/.b",
    "x.lock",
    "$\u007b{ x }}",
    "v1#",
    "@",
    "é",
    "x".repeat(101),
  ])("refuses the ref %j", (ref) => {
    expect(() => checkReference({ repository: "org/deploy", ref })).toThrow(
      "--ref: expected a tag or a branch",
    );
  });

  test.each(["org", "org/", "/deploy", "org/a/b", "org/..", "-org/a", "or g/a", "org/a@b", "org/a\n", "$/a"])(
    "refuses the repository %j",
    (repository) => {
      expect(() => checkReference({ repository, ref: "v1" })).toThrow("--repository: expected owner/name");
    },
  );
});
