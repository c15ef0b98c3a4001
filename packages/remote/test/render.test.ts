import { spawnSync } from "node:child_process";
import { describe, expect, test } from "@jest/globals";
import { current, late, render, runUserCommand, scripts, waiting } from "../src/index.ts";
import { encode, quote } from "../src/quote.ts";
import { receiveOf, releaseA } from "./scenario.ts";

const fence = { base: "/srv/shop", token: 1, owner: "run-1" };

test("a command without payload is one line, and its script is the input", () => {
  expect(render(current("/srv/my shop"))).toEqual({
    line: `sh -c 'eval "$(cat)"; exit 70' sh '/srv/my shop'`,
    input: new TextEncoder().encode(scripts.current),
  });
});

test("with a payload the script is read by count, the rest of stdin is left to it", () => {
  const { command } = receiveOf({ base: "/srv/shop" } as never, releaseA);
  const size = Buffer.byteLength(scripts.receive);
  const { line, input } = render(command);
  expect(line.slice(0, line.indexOf(" sh '"))).toBe(
    `sh -c 'eval "$(dd bs=${size} count=1 iflag=fullblock 2>/dev/null || dd ibs=1 obs=${size} count=${size} 2>/dev/null)"; exit 70'`,
  );
  expect(Buffer.from(input).toString()).toBe(scripts.receive);
});

test("quotes for Bourne shells, and encodes what other login shells read their own way", () => {
  expect(quote("it's; $(id)")).toBe(`'it'\\''s; $(id)'`);
  expect(encode('npm ci && echo "$HOME" *')).toBe('npm ci && echo "$HOME" *');
  expect(encode("it's\\n!\n=é")).toBe("=:it=047s=134n=041=012=075=303=251");
  expect(encode("=:x")).toBe("=:=075:x");
  expect(encode("")).toBe("");
  expect(() => quote("a\0b")).toThrow("NUL");
  expect(() => encode("a\0b")).toThrow("NUL");
});

test("refuses a line longer than a process can take", () => {
  const long = runUserCommand({
    fence,
    release: releaseA,
    directory: "release",
    run: "é".repeat(20_000),
    step: "prepare",
  });
  expect(() => render(long)).toThrow("bytes of arguments");
});

test.each([
  ["..", "/srv/shop"],
  ["", "/srv/shop"],
  ["-x", "/srv/shop"],
  ["2 1", "/srv/shop"],
  ["current", "/srv/shop"],
  ["2".repeat(300), "/srv/shop"],
  [releaseA, "srv/shop"],
  [releaseA, "/"],
  [releaseA, "~"],
  [releaseA, "~root/x"],
  [releaseA, "/srv/../etc"],
  [releaseA, "/srv/\nshop"],
])("refuses release %j in %j before any connection", (release, base) => {
  const options = { ...fence, base };
  expect(() =>
    runUserCommand({ fence: options, release, directory: "release", run: "true", step: "prepare" }),
  ).toThrow(/^not /);
});

test.each([["/etc"], ["a/../b"], [""], ["a//b"], ["-rf"], ["./a"], ["a\nb"]])(
  "refuses the shared path %j",
  (path) => {
    const { command, payload } = receiveOf({ base: "/srv/shop" } as never, releaseA);
    expect([command.payload, payload.length > 0]).toEqual([true, true]);
    expect(() =>
      receiveOf({ base: "/srv/shop" } as never, releaseA, undefined, {
        shared: { directories: [path], files: [] },
      }),
    ).toThrow(/^not /);
  },
);

test.each([["/etc"], ["a/../b"], [""], ["./a"], ["-rf"], ["a\nb"]])(
  "refuses the assets' folder %j",
  (folder) => {
    const received = (bridge: { folder: string; releases: number }) =>
      receiveOf({ base: "/srv/shop" } as never, releaseA, undefined, { bridge }).command.args.slice(11, 13);
    expect(() => received({ folder, releases: 3 })).toThrow(/^not /);
    expect(() => received({ folder: "public", releases: -1 })).toThrow(/^not /);
    expect(received({ folder: ".", releases: 3 })).toEqual(["3", "."]);
  },
);

describe("a shell that waits for its command", () => {
  const echo = { name: "echo", kind: "read", payload: true, rehearsal: "" } as const;
  const script = 'main() { printf "%s\\n" "$@"; cat; }\nmain "$@"; exit 3\n';
  const args = ["it's", "", "a b", "$(id)", "*"];
  const given = (input: Uint8Array) => {
    const { status, stdout } = spawnSync("sh", ["-c", waiting], { input, encoding: "utf8" });
    return [status, stdout];
  };
  const command = { ...echo, script, args, parse: () => undefined };

  test("takes arguments and script by count, and leaves the payload to it", () => {
    const input = Buffer.concat([late(command), Buffer.from("the payload\n")]);
    expect(given(input)).toEqual([3, `${["=:it=047s", ...args.slice(1)].join("\n")}\nthe payload\n`]);
  });

  test("that is cut does nothing, and one that never comes ends it", () => {
    const whole = late(command);
    for (const left of [0, 2, 10, whole.length - 30])
      expect(given(whole.subarray(0, left))).toEqual([left > 2 ? expect.any(Number) : 70, ""]);
    expect(given(new Uint8Array())).toEqual([70, ""]);
  });
});
