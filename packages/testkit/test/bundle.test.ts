import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { cancelLikeRunner } from "../src/bundle/cancel.ts";
import { parseFileCommands } from "../src/bundle/fileCommands.ts";
import { logReader, parseCommand } from "../src/bundle/log.ts";
import { formsOf, masker } from "../src/bundle/mask.ts";
import { runBundle } from "../src/bundle/run.ts";
import { inputVariables } from "../src/bundle/step.ts";
import { testFolder } from "./folder.ts";

const folder = testFolder();

function script(name: string, text: string): string {
  const path = join(folder, `${name}.mjs`);
  writeFileSync(path, text);
  return path;
}

describe("file commands", () => {
  test("are pairs and heredocs, the last one wins", () => {
    expect(parseFileCommands("a=1\nb<<E\nx=y\n\nz\nE\na=2=3\n\nc<<E\nE\n")).toEqual({
      a: "2=3",
      b: "x=y\n\nz",
      c: "",
    });
  });

  test("are refused when broken", () => {
    expect(() => parseFileCommands("a\n")).toThrow("Invalid format 'a'");
    expect(() => parseFileCommands("a<<E\nx\n")).toThrow("Matching delimiter not found 'E'");
  });
});

describe("masking", () => {
  test("covers plain, per line, base64 at every alignment, URI and JSON", () => {
    const masks = masker();
    masks.add('s3cr"t word\nsecond/line');
    const secret = 's3cr"t word';
    expect(masks.mask(`a ${secret} b second/line`)).toBe("a *** b ***");
    for (const before of ["", "x", "xy"]) {
      const coded = Buffer.from(`${before}${secret}, and on`).toString("base64");
      expect(masks.mask(coded)).toContain("***");
    }
    expect(masks.mask(encodeURIComponent(secret))).toBe("***");
    expect(masks.mask(JSON.stringify(secret))).toBe('"***"');
    expect(masks.mask(Buffer.from(secret).toString("hex"))).not.toContain("***");
  });

  test("knows no empty form", () => {
    expect([formsOf(""), formsOf("  "), formsOf("a").includes("")]).toEqual([[], [], false]);
  });
});

describe("workflow commands", () => {
  test("are parsed as the runner parses them", () => {
    expect(parseCommand("  ::error file=a.yml,line=3,title=x%3Ay::50%25%0Adone")).toEqual({
      name: "error",
      properties: { file: "a.yml", line: "3", title: "x:y" },
      data: "50%\ndone",
    });
    expect(parseCommand("::group::a::b")).toEqual({ name: "group", properties: {}, data: "a::b" });
    expect(parseCommand("say ::error::no")).toBeUndefined();
  });

  test("mask from there on, stop and go on", () => {
    const reader = logReader(masker());
    const lines = [
      "hush",
      "::add-mask::hush",
      "hush",
      "::stop-commands::t0ken",
      "::error::not one",
      "::t0ken::",
    ];
    for (const line of [...lines, "::warning::hush, a real one", "::debug::no"]) reader.line(line);
    expect(reader.log()).toBe("hush\n***\n::error::not one\n::t0ken::\n##[warning]***, a real one\n");
    expect(reader.annotations()).toEqual([{ level: "warning", message: "***, a real one", properties: {} }]);
  });
});

test("inputs keep their hyphens", () => {
  expect(inputVariables({ "known-hosts": "a", "two words": "b" })).toEqual({
    "INPUT_KNOWN-HOSTS": "a",
    INPUT_TWO_WORDS: "b",
  });
});

describe("runBundle", () => {
  const whole = script(
    "whole",
    `import { appendFileSync } from "node:fs";
const { env } = process;
console.log("::add-mask::" + env["INPUT_SSH-PRIVATE-KEY"]);
console.log("key " + env["INPUT_SSH-PRIVATE-KEY"] + " was " + env.STATE_seen);
console.error("::error title=Oops::it broke");
appendFileSync(env.GITHUB_OUTPUT, "release=r1\\n");
appendFileSync(env.GITHUB_STATE, "seen<<X\\nyes\\nX\\n");
appendFileSync(env.GITHUB_ENV, "A=b\\n");
appendFileSync(env.GITHUB_PATH, "/opt/bin\\n");
appendFileSync(env.GITHUB_STEP_SUMMARY, "# done with " + env["INPUT_SSH-PRIVATE-KEY"]);
process.exitCode = 3;`,
  );

  test("drives an action and reads all it says", async () => {
    const ran = await runBundle({ bundle: whole, inputs: { "ssh-private-key": "k3y" } });
    expect({ ...ran, raw: "", log: "" }).toEqual({
      ...{ code: 3, signal: null, raw: "", log: "" },
      ...{ outputs: { release: "r1" }, state: { seen: "yes" }, environment: { A: "b" }, paths: ["/opt/bin"] },
      summary: "# done with ***",
      annotations: [{ level: "error", message: "it broke", properties: { title: "Oops" } }],
    });
    expect(ran.log.split("\n").sort()).toEqual(["", "##[error]it broke", "key *** was undefined"]);
    expect(ran.raw).toContain("key k3y");
  });

  test("gives the state to post", async () => {
    const ran = await runBundle({ bundle: whole, phase: "post", state: { seen: "yes" } });
    expect(ran.log).toContain("was yes");
  });

  test("cancels as the runner does", async () => {
    const stubborn = script(
      "stubborn",
      `for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => {});
setInterval(() => {}, 1000);
console.log("ready");`,
    );
    const child = spawn(process.execPath, [stubborn], { stdio: ["ignore", "pipe", "inherit"] });
    await once(child.stdout, "data");
    const sent = await cancelLikeRunner(child, { interrupt: 1, terminate: 1 });
    expect([sent, child.signalCode]).toEqual([["SIGINT", "SIGTERM", "SIGKILL"], "SIGKILL"]);
  });

  test("says so when a bundle ends before its signal", async () => {
    const brief = script("brief", `console.log("done");`);
    const signals = [{ after: () => new Promise(() => {}), signal: "SIGINT" }] as const;
    await expect(runBundle({ bundle: brief, signals })).rejects.toThrow(/ended before.*signalled:\ndone/);
  });

  test("ends a cancelled bundle that listens at its first signal", async () => {
    const polite = script(
      "polite",
      `process.on("SIGINT", () => process.exit(130));
setInterval(() => {}, 1000);
console.log("ready");`,
    );
    const ran = await runBundle({
      bundle: polite,
      signals: [{ after: (run) => run.until(/ready/), signal: "cancel" }],
    });
    expect([ran.code, ran.signal]).toEqual([130, null]);
  });
});
