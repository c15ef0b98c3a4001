import { readdirSync } from "node:fs";
import { join } from "node:path";
import {
  type Code,
  configJsonSchema,
  type ErrorCode,
  errorCodes,
  inputsOf,
  type JsonSchema,
  sections,
} from "@deploy/core";
import { describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { main } from "../../packages/cli/src/index.ts";
import { root } from "../../scripts/lib/root.ts";
import { notCarriedOut } from "./notCarriedOut.ts";
import { commandsIn, flagsIn, marked, read, sentences } from "./sources.ts";

const actions = readdirSync(join(root, "actions")).sort();
const rooms = (inner: string) =>
  readdirSync(join(root, "packages")).map((name) => `packages/${name}/${inner}`);
const production = rooms("src").filter((room) => !room.includes("testkit"));
const sources = read([...production, ...actions.map((name) => `actions/${name}/src`)], /\.ts$/);
const scripts = read(["packages/remote/scripts"], /\.sh$/);
const suites = read(
  [
    ...rooms("test"),
    ...actions.map((name) => `actions/${name}/test`),
    "test",
    "scripts/test",
    "packages/testkit/src",
  ],
  /\.ts$/,
);
const entries = Object.entries<Code>(errorCodes);
const codes = entries.map(([code]) => code);

describe("every code", () => {
  const raisers = [...sources, ...scripts].filter(([path]) => !path.startsWith("packages/core/src/errors"));
  const workflows = read([".github/workflows"], /(deploy|rollback)\.yml$/);

  test("is raised somewhere", () => {
    const texts = [...raisers, ...workflows].map(([, text]) => text);
    const raised = (code: string) => new RegExp(`["' =]${code}(?:["' :]|$)`, "m");
    expect(codes.filter((code) => !texts.some((text) => raised(code).test(text)))).toEqual([]);
  });

  test("is reached by a test, which names it", () => {
    const texts = [...suites].filter(([path]) => !path.startsWith("test/errors/")).map(([, text]) => text);
    const named = (code: string) => new RegExp(`(?<![\\w-])${code}(?![\\w-])`);
    expect(codes.filter((code) => !texts.some((text) => named(code).test(text)))).toEqual([]);
  });
});

test("the next move of every code is carried out by a test, or it is said why not", () => {
  const moves =
    /^(?:packages\/cli\/test\/(?:\w+Moves\.test|broken)|test\/actions\/\w+Moves(?:\.parts)?\.test)\.ts$/;
  const texts = [...suites].filter(([path]) => moves.test(path)).map(([, text]) => text);
  const open = codes.filter((code) => !texts.some((text) => text.includes(`"${code}"`)));
  const said: readonly string[] = Object.values(notCarriedOut).flat();
  expect([open.filter((code) => !said.includes(code)), said.filter((code) => !open.includes(code))]).toEqual([
    [],
    [],
  ]);
});

/** What the command's own help says: its commands, and the flags of each. */
async function help(...args: readonly string[]): Promise<string> {
  const lines: string[] = [];
  const io = { write: (text: string) => lines.push(text) };
  await main([...args, "--help"], { stdout: io, stderr: io, env: {}, cwd: root } as never);
  return lines.join("");
}
const commands = [...(await help()).matchAll(/^ {2}([a-z-]+) /gm)].map(([, name = ""]) => name);
const helps = new Map<string, string>();
for (const name of commands) helps.set(name, await help(name));
const flagsOf = (name: string) =>
  [...(helps.get(name) ?? "").matchAll(/(--[a-z-]+)/g)].map(([, flag = ""]) => flag);
const flags = new Set(commands.flatMap(flagsOf));

interface Declared {
  readonly inputs: readonly string[];
}
const inputs = new Map<string, readonly string[]>();
for (const name of actions) {
  const module = (await import(join(root, "actions", name, "src/inputs.ts"))) as Declared;
  inputs.set(name, module.inputs);
}

function keysOf({
  properties = {},
  items,
  additionalProperties: others,
  ...more
}: JsonSchema): readonly string[] {
  const { anyOf = [], oneOf = [] } = more;
  const below = [items, others].filter((one) => typeof one === "object");
  const parts = [...Object.values(properties), ...below, ...anyOf, ...oneOf];
  return [...Object.keys(properties), ...parts.flatMap(keysOf)];
}
const settings = new Set([
  ...keysOf(configJsonSchema()),
  ...[...inputs.values()].flat(),
  ...Object.keys(inputsOf(Object.keys(sections) as (keyof typeof sections)[])),
]);

/** Words in backticks that are no setting of ours: values, GitHub's, other programs and their files. */
const foreign = new Set(
  "true false needs outputs permissions actions contents deployments id-token persist-credentials df ssh ssh-add age-keygen browserslist lfs submodules".split(
    " ",
  ),
);

describe("a next move names what there is:", () => {
  const fixes = entries.flatMap(([, { fix, inAction = fix }]) => [fix, inAction]);
  const said = [...fixes, ...[...sources.values()].flatMap(sentences)];

  test("commands", () => {
    expect(said.flatMap(commandsIn).filter((verb) => !commands.includes(verb))).toEqual([]);
  });

  test("flags of the command", () => {
    expect(fixes.flatMap(flagsIn).filter((flag) => !flags.has(flag))).toEqual([]);
    const typed = said.flatMap((text) => [...text.matchAll(/(?:`|: )deploy ([a-z]+) [^`]*?(--[a-z-]+)/g)]);
    expect(
      typed.filter(([, verb = "", flag = ""]) => !flagsOf(verb).includes(flag)).map(([whole]) => whole),
    ).toEqual([]);
  });

  test("inputs and keys", () => {
    const words = fixes
      .flatMap(marked)
      .flatMap((text) => /^([a-z][a-z.-]*)(?::.*)?$/.exec(text)?.[1]?.split(".") ?? []);
    expect([...new Set(words)].filter((word) => !settings.has(word) && !foreign.has(word))).toEqual([]);
    // A word and its value: of hints that stand where the error is made, too.
    const given = said.flatMap(marked).flatMap((text) => /^([a-z][a-z-]+): \S/.exec(text)?.[1] ?? []);
    expect([...new Set(given)].filter((word) => !settings.has(word) && !foreign.has(word))).toEqual([]);
  });

  test("variables of the environment", () => {
    const variables = fixes.flatMap((fix) => fix.match(/\bDEPLOY_[A-Z_]+/g) ?? []);
    const known = (name: string) => [...sources.values()].some((text) => text.includes(`env.${name}`));
    expect([variables.length > 0, variables.filter((name) => !known(name))]).toEqual([true, []]);
  });
});

describe("a next move is of where it is read:", () => {
  const atDesk = new Set<ErrorCode>([
    "agent-unavailable",
    "commit-unknown",
    "confirmation-missing",
    "identity-missing",
  ]);
  /** Commands that only look, or say who may deploy: no action does. */
  const onlyAtDesk = ["backups", "configure-helper", "leftovers", "plan-key", "status", "unfreeze"];

  test("in an action no flag, and of the commands those that no action stands for", () => {
    const said = entries
      .filter(([code]) => !atDesk.has(code as ErrorCode))
      .map(([code, { fix, inAction = fix }]) => [code, inAction] as const);
    expect(said.filter(([, text]) => flagsIn(text).length > 0)).toEqual([]);
    const named = said.flatMap(([, text]) => commandsIn(text));
    expect(named.filter((verb) => !onlyAtDesk.includes(verb) || actions.includes(verb))).toEqual([]);
  });

  test("at a desk no input that is no key of the config", () => {
    const keys = new Set(keysOf(configJsonSchema()));
    const typed = [...new Set([...inputs.values()].flat())].filter((name) => !keys.has(name));
    const own = ["release-unknown"]; // of a step of a job
    const named = (text: string) =>
      marked(text).flatMap((inner) => /^([a-z][a-z-]+)(?:: \S+)?$/.exec(inner)?.[1] ?? []);
    const fixesAtDesk = entries
      .filter(([code]) => !own.includes(code))
      .map(([code, { fix }]) => [code, named(fix)] as const);
    expect(fixesAtDesk.filter(([, words]) => words.some((word) => typed.includes(word)))).toEqual([]);
  });

  test("no text says both at once", () => {
    const both =
      /\bon a desk,? [^.]*--[a-z]|--[a-z-]+[^.]*\b(?:input|of the action)\b|[a-z]: true[^.]*--[a-z]/;
    const said = [...entries.map(([, { fix }]) => fix), ...[...sources.values()].flatMap(sentences)];
    expect(said.filter((text) => both.test(text))).toEqual([]);
  });
});

/** What only a person can say, and which of the sources can be refused until it is said. */
const words = {
  "allow-identity-change": {
    met: /\b(?:backupMaker|backUp|bringBack)\(/,
    commands: ["run", "backup", "restore"],
  },
  retry: { met: /resumePlan[\s\S]*phases: \["data"\]/, commands: ["run"] },
  resolve: { met: /resumePlan[\s\S]*phases: \["data"\]/, commands: ["run"] },
  "take-over": { met: /\brunAssets\(/, commands: ["plan", "run", "reconcile", "rollback"] },
  disconnect: { met: /\bbringBack\(/, commands: ["restore"] },
} as const;

test.each(Object.entries(words))(
  "%s can be said in every form that can be refused for want of it",
  async (name, { met, commands: typed }) => {
    const meeting = actions.filter((action) => met.test(sources.get(`actions/${action}/src/main.ts`) ?? ""));
    expect([meeting.length > 0, meeting.filter((action) => !inputs.get(action)?.includes(name))]).toEqual([
      true,
      [],
    ]);
    expect(typed.filter((command) => !flagsOf(command).includes(`--${name}`))).toEqual([]);
    for (const [path, text] of read([".github/workflows"], /(deploy|rollback)\.yml$/)) {
      const { on, jobs } = parse(text);
      const steps = Object.values(
        jobs as Record<string, { steps: { uses?: string; with?: { phase?: string } }[] }>,
      ).flatMap((job) => job.steps);
      const bound = steps.filter(({ uses = "" }) => meeting.includes(uses.replace("$/", "")));
      for (const step of bound.filter(({ with: given }) => given?.phase !== "build")) {
        expect([path, step.with, on.workflow_call.inputs]).toEqual([
          path,
          expect.objectContaining({ [name]: `\${{ inputs.${name} }}` }),
          expect.objectContaining({ [name]: expect.anything() }),
        ]);
      }
    }
  },
);
