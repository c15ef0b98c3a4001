import { describe, expect, test } from "@jest/globals";
import { armedWatcher, armFlip, flip, frame } from "../src/index.ts";

const options = {
  fence: { base: "/var/www/shop", token: 7, owner: "run-1" },
  expect: null,
  to: "20261121T084450Z-aaaaaaa",
  step: "activate",
} as const;

/** How often it was called after each chunk. */
function seen(...chunks: readonly string[]): readonly number[] {
  let calls = 0;
  const watch = armedWatcher(() => {
    calls += 1;
  });
  return chunks.map((chunk) => {
    watch(chunk);
    return calls;
  });
}

describe("what an armed flip says", () => {
  test("is heard as it comes, however it is cut", () => {
    expect(seen("\n--deploy-begin--\narmed\n")).toEqual([1]);
    expect(seen("\n--deploy", "-begin--\nar", "med", "\n", "switched\n--deploy-end-- 0\n")).toEqual([
      ...[0, 0, 0, 1, 1],
    ]);
  });

  test("before its first line it is somebody else's", () => {
    expect(seen("armed\n", "armed\n\n--deploy-begin--", "\n", "armed\n")).toEqual([0, 0, 0, 1]);
  });

  test("a line that only looks like it is not it", () => {
    expect(seen("\n--deploy-begin--\n", "unarmed\n", "armed \n", "error fenced 00\n")).toEqual([0, 0, 0, 0]);
  });

  test("a banner without an end takes no memory, and hides nothing", () => {
    const banner = Array.from({ length: 200 }, () => "x".repeat(10_000));
    expect(seen(...banner, "\n--deploy-begin--\narmed\n").at(-1)).toBe(1);
  });
});

test("armed is the plain one, told how long it waits, with its stdin left open", () => {
  const [plain, armed] = [flip(options), armFlip(options)];
  expect(armed.args).toEqual([...plain.args, "20"]);
  expect([plain.payload, armed.payload, armed.script === plain.script]).toEqual([false, true, true]);
  expect(armFlip(options, 3).args.at(-1)).toBe("3");
});

test.each(["switched", "already", "stood-down"])("its answer %s is read after armed", (status) => {
  const stdout = frame("armed", status);
  const result = { status: "exited", code: 0, stdout, stderr: "", dropped: 0 } as const;
  expect(armFlip(options).parse(result)).toEqual({ status });
});

test("armed and no more is no answer", () => {
  const result = { status: "exited", code: 0, stdout: frame("armed"), stderr: "", dropped: 0 } as const;
  expect(() => armFlip(options).parse(result)).toThrow("flip did not say what it did");
});
