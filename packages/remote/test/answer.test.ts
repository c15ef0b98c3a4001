import { expect, test } from "@jest/globals";
import { current, flip, frame, lockAcquire, manifestOf, probe, runUserCommand } from "../src/index.ts";
import { ownerOf, releaseA, releaseB } from "./scenario.ts";
import { sha256 } from "./stream.ts";

const exited = (stdout: string, code = 0, stderr = "", dropped = 0) =>
  ({ status: "exited", code, stdout, stderr, dropped }) as const;
const fence = { base: "/srv/shop", token: 1, owner: "run-1" };
const problemOf = (act: () => unknown) => {
  try {
    return act();
  } catch (error) {
    return (error as { problem: unknown }).problem;
  }
};

test("every rehearsal is an answer that parses", () => {
  const commands = [
    current("/srv/shop"),
    flip({ fence, expect: null, to: releaseA, step: "activate" }),
    lockAcquire({ base: "/srv/shop", owner: ownerOf("run-1"), lease: 60 }),
    manifestOf({ base: "/srv/shop", release: releaseA }),
    probe({ base: "/srv/shop", sharedFiles: [], journal: 5 }),
    runUserCommand({ fence, release: releaseA, directory: "release", run: "true", step: "migrate" }),
  ];
  const answers = commands.map((command) => command.parse(exited(command.rehearsal)));
  expect(answers.slice(0, 4)).toEqual([
    { kind: "none" },
    { status: "switched" },
    { token: 1, mutex: "flock" },
    "",
  ]);
  expect(answers[5]).toBe(0);
});

test("noise of a login shell around the answer is ignored, sentinels in a line are not sentinels", () => {
  const noise = `Welcome!\nsay --deploy-begin--\n--deploy-end-- 0${frame(`current release ${releaseA} `)}logout\n`;
  expect(current("/srv/shop").parse(exited(noise))).toEqual({ kind: "release", release: releaseA });
});

test.each([
  ["cut before its end", exited("\n--deploy-begin--\ncurrent none - \n")],
  ["empty", exited("")],
  ["a code that is not the exit's", exited(frame("current none - "), 3)],
  ["partly dropped", exited(frame("current none - "), 0, "", 10)],
  ["no shell at all", exited("This account is not available.\n", 1)],
  ["nonsense within", exited(frame("current sideways - "))],
  ["nothing within", exited(frame())],
])("an answer that is %s is unreadable, never ok", (_, result) => {
  expect(problemOf(() => current("/srv/shop").parse(result))).toMatchObject({ code: "answer-unreadable" });
});

test("an answer that was cut by a signal, as a shell around it tells, is of a command that was killed", () => {
  const killed = exited("\n--deploy-begin--\nKilled\n", 137);
  expect(problemOf(() => current("/srv/shop").parse(killed))).toMatchObject({ code: "command-killed" });
});

test("a refusal carries the host's words, and an unknown one is a defect", () => {
  const words = Buffer.from("current is x\nand y").toString("hex");
  const refused = (word: string) =>
    exited(`\n--deploy-begin--\nerror ${word} ${words}\n--deploy-end-- 67\n`, 67);
  const codes = ["current-changed", "toString"].map((word) =>
    problemOf(() => current("/srv/shop").parse(refused(word))),
  );
  expect(codes).toMatchObject([
    { code: "current-changed", message: "current is x\nand y" },
    { code: "internal", message: "current is x\nand y" },
  ]);
});

test("a held lock names its holder", () => {
  const held = "held 7 42 run-9 acme/shop 4711 2 maria 4f2a91c migrate";
  const result = exited(`\n--deploy-begin--\n${held}\nerror locked 72756e\n--deploy-end-- 75\n`, 75);
  const acquire = lockAcquire({ base: "/srv/shop", owner: ownerOf("run-1"), lease: 60 });
  expect(problemOf(() => acquire.parse(result))).toMatchObject({
    code: "locked",
    message:
      "run 4711 (attempt 2) of acme/shop, started by maria, holds the lock in phase migrate, for 42 s more unless renewed",
    hint: "Wait until it ends, or take the lock of run-9: `deploy unlock`.",
    inAction: "Wait until it ends, or take the lock of run-9 with the action unlock (`confirm: true`).",
  });
});

test("a user's exit code is the answer, whatever was printed; a refusal of ours is not", () => {
  const run = runUserCommand({
    fence,
    release: releaseA,
    directory: "release",
    run: "exit 76",
    step: "migrate",
  });
  const ours = "\n--deploy-begin--\nerror fenced 78\n--deploy-end-- 76\n";
  expect(
    [exited("", 0), exited(ours, 76), exited("x", 76, "error fenced\n")].map((result) => run.parse(result)),
  ).toEqual([0, 76, 76]);
  expect(problemOf(() => run.parse(exited("", 76, ours)))).toMatchObject({ code: "fenced" });
});

test("a manifest is checked against the digest of its release", () => {
  const text = `d\t755\t-\t-\tlib\nf\t644\t1\t${"0".repeat(64)}\tlib/a\n`;
  const answer = (digest: string) => exited(frame(`digest ${digest}`, ...text.split("\n").slice(0, -1)));
  const command = manifestOf({ base: "/srv/shop", release: releaseB });
  expect(command.parse(answer(sha256(text)))).toBe(text);
  expect(problemOf(() => command.parse(answer(sha256("other"))))).toMatchObject({ code: "manifest-damaged" });
});
