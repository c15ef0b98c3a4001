import { join } from "node:path";
import * as kit from "@deploy/action-kit";
import type { ErrorCode } from "@deploy/core";
import { expect, jest } from "@jest/globals";
import { fakeRunner } from "../../packages/action-kit/test/fakeRunner.ts";
import { root } from "../../scripts/lib/root.ts";

type Action = Parameters<typeof kit.runAction>[0];
export type Inputs = Readonly<Record<string, string>>;

export interface Ran {
  readonly exitCode: number;
  readonly outputs: Inputs;
  readonly log: string;
  /** Its page, Markdown. */
  readonly summary: string;
  /** What the annotations say, and of which line of the config. */
  readonly errors: readonly { readonly code: string; readonly line?: number; readonly text: string }[];
}

/** Actions by name, in this process: what each main.ts hands to the kit is caught on its way. */
const actions = new Map<string, Action>();
let caught: Action | undefined;
jest.unstable_mockModule("@deploy/action-kit", () => ({
  ...kit,
  runAction: async (action: Action) => {
    caught = action;
  },
}));

async function actionOf(name: string): Promise<Action> {
  const known = actions.get(name);
  if (known !== undefined) return known;
  await import(join(root, "actions", name, "src/main.ts"));
  actions.set(name, caught as Action);
  return caught as Action;
}

/** Runs an action's main as a step of the job whose folders `env` names; of `usual` it gets the inputs that it has. */
export async function runStep(name: string, usual: Inputs, given: Inputs, env: Inputs): Promise<Ran> {
  const action = await actionOf(name);
  const known = Object.entries(usual).filter(([input]) => action.inputs.includes(input));
  const inputs = Object.entries({ ...Object.fromEntries(known), ...given });
  const named = inputs.map(([input, value]) => [`INPUT_${input.toUpperCase()}`, value]);
  const runner = fakeRunner({ PATH: process.env.PATH ?? "", ...env, ...Object.fromEntries(named) });
  await kit.runAction(action, runner);
  const errors = runner.lines.flatMap((line) => {
    const [, place = "", text = ""] = /^::error (\{.*?\})::(.*)$/.exec(line) ?? [];
    if (place === "") return [];
    const { title, startLine } = JSON.parse(place);
    return [{ code: title, line: startLine, text }];
  });
  const [log, summary] = [runner.lines, runner.summaries].map((parts) => parts.join("\n")) as [
    string,
    string,
  ];
  return { exitCode: runner.exits[0] ?? -1, outputs: runner.outputs, log, summary, errors };
}

/** What an action that is refused with `code` says to do. */
export function moveOf({ errors, exitCode }: Ran, code: ErrorCode): string {
  const found = errors.find((error) => error.code === code);
  expect([exitCode > 0, errors.map((error) => error.code)]).toEqual([true, expect.arrayContaining([code])]);
  return found?.text ?? "";
}

/** The input that a move names with its value, as a step gets it. */
export function inputIn(move: string): Inputs {
  const [, name = "", value = ""] = /`([a-z]+(?:-[a-z]+)*): ([^`]+)`/.exec(move) ?? [];
  expect([move, name, value]).toEqual([move, expect.stringMatching(/\w/), expect.stringMatching(/\w/)]);
  return { [name]: value };
}

/** The input that a move names without one. */
export function nameIn(move: string): string {
  const [, name = ""] = /\b(?:as|with) `([a-z]+(?:-[a-z]+)*)`/.exec(move) ?? [];
  expect([move, name]).toEqual([move, expect.stringMatching(/\w/)]);
  return name;
}
