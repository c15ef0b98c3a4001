import { describe, expect, test } from "@jest/globals";
import { Begin } from "../src/index.ts";

const line = "--deploy-begin--\n";

/** What passes when `input` comes in chunks of `size`, and whether the line was seen. */
function through(input: string, size = input.length): readonly [string, boolean] {
  const begin = new Begin();
  let out = "";
  for (let at = 0; at < input.length; at += size) {
    out += Buffer.from(begin.after(Buffer.from(input.slice(at, at + size))) ?? "noise").toString();
  }
  return [out, begin.seen];
}

describe("the begin line", () => {
  test.each([
    [`\n${line}dump`, "dump", true],
    [`${line}dump`, "dump", true],
    [`Welcome, see ${line}no\n\n${line}dump\n${line}more`, `dump\n${line}more`, true],
    [`\n${line}`, "", true],
    ["Welcome", "", false],
  ])("noise before it is let go, all after it passes: %#", (input, out, seen) => {
    expect(through(input)).toEqual([out, seen]);
    expect(through(input, 1)).toEqual([out, seen]);
  });

  test("a host that prints books is not listened to", () => {
    expect(through("x".repeat(70_000))).toEqual(["noise", false]);
    expect(through("x".repeat(70_000), 35_000)).toEqual(["noise", false]);
  });
});
