import { DeployError, didYouMean, parseDuration, suggest } from "@deploy/core";
import { describe, expect, test } from "@jest/globals";
import { show } from "../../src/config/values/text.ts";

describe("durations", () => {
  test.each([
    ["1ms", 1],
    ["500ms", 500],
    ["30s", 30_000],
    ["10m", 600_000],
    ["1h", 3_600_000],
    ["24h", 86_400_000],
  ])("%s", (text, milliseconds) => {
    expect(parseDuration(text)).toBe(milliseconds);
  });

  test.each([
    "",
    "30",
    "0s",
    "-1s",
    "1.5h",
    "1 s",
    "25h",
    "s",
    "1d",
    "1S",
    " 1s",
    "1s\n",
    "9999999999s",
    "١s",
  ])("%j is refused", (text) => {
    expect(() => parseDuration(text)).toThrow(DeployError);
  });

  test("without a unit come with the fix", () => {
    try {
      parseDuration("30");
    } catch (error) {
      expect((error as DeployError).problem).toEqual({
        code: "config-invalid",
        message: 'expected a duration with its unit, from 1ms to 24h (500ms, 30s, 10m, 1h), got "30"',
        hint: 'Write "30s" for 30 seconds.',
        place: {},
      });
    }
    expect.assertions(1);
  });
});

describe("suggestions", () => {
  const known = ["deploy-to", "keep-releases", "source", "web"];

  test.each([
    ["deploy_to", "deploy-to"],
    ["deployTo", "deploy-to"],
    ["DEPLOY-TO", "deploy-to"],
    ["keep-release", "keep-releases"],
    ["sorce", "source"],
    ["wbe", "web"],
    ["zebra", undefined],
    ["", undefined],
    ["x".repeat(10_000), undefined],
  ])("%.20s", (word, near) => {
    expect(suggest(word, known)).toBe(near);
  });

  test("are a question, or nothing", () => {
    expect([didYouMean("sorce", known), didYouMean("zebra", known)]).toEqual([
      'Did you mean "source"?',
      undefined,
    ]);
  });
});

describe("a value in a message", () => {
  test.each([
    [undefined, "nothing"],
    [null, "nothing"],
    [5, "5"],
    [false, "false"],
    [[], "a list"],
    [{}, "a mapping"],
    ["a\n\u202e\u0085b", '"a\\n\\u202e\\u0085b"'],
    ["🚀".repeat(100), `"${"🚀".repeat(60)}"… (100 characters)`],
  ])("%j", (value, text) => {
    expect(show(value)).toBe(text);
  });
});
