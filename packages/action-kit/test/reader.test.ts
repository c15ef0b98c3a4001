import type { DeployErrors } from "@deploy/core";
import { describe, expect, test } from "@jest/globals";
import { type InputReader, readInputs } from "../src/index.ts";

const names = ["ssh-private-key", "hosts", "dry-run", "health-within", "kind"];

function read<T>(env: Record<string, string>, shape: (reader: InputReader) => T) {
  const masks: string[] = [];
  try {
    return { value: readInputs(env, names, (text) => masks.push(text), shape), masks, problems: [] };
  } catch (error) {
    const { problems } = error as DeployErrors;
    return { masks, problems: problems.map(({ code, message, hint }) => [code, message, hint]) };
  }
}

describe("readInputs", () => {
  test("reads INPUT_* and nothing else, trimmed", () => {
    const env = { HOSTS: "evil", SSH_HOST: "evil", "INPUT_DRY-RUN": " true ", "INPUT_HEALTH-WITHIN": "30s" };
    const { value } = read(env, (reader) => [
      reader.string("hosts"),
      reader.flag("dry-run", false),
      reader.duration("health-within"),
      reader.choice("kind", ["deploy", "rollback"]),
    ]);
    expect(value).toEqual([undefined, true, 30_000, "deploy"]);
  });

  test("lines are split by any line end, blank ones dropped", () => {
    expect(read({ INPUT_HOSTS: " a\r\n\n b \rc\n" }, (reader) => reader.lines("hosts")).value).toEqual([
      "a",
      "b",
      "c",
    ]);
  });

  test.each(["yes", "True", "1", "TRUE", "on"])("%j is no flag", (text) => {
    expect(read({ "INPUT_DRY-RUN": text }, (reader) => reader.flag("dry-run", false)).problems).toEqual([
      ["input-invalid", `Expected true or false, got "${text}"`, expect.any(String)],
    ]);
  });

  test("every problem is shown at once, unknown inputs with what was meant", () => {
    const env = {
      INPUT_SSH_PRIVATE_KEY: "x",
      INPUT_ZZZ: "x",
      "INPUT_HEALTH-WITHIN": "30",
      INPUT_KIND: "both",
    };
    const { problems } = read(env, (reader) => {
      reader.required("hosts");
      reader.duration("health-within");
      reader.choice("kind", ["deploy", "rollback"]);
    });
    expect(problems.map(([code, message]) => `${code}: ${message}`)).toEqual([
      'input-unknown: There is no input "ssh_private_key"',
      'input-unknown: There is no input "zzz"',
      "input-missing: The input hosts is required and empty",
      expect.stringMatching(/^input-invalid: /),
      'input-invalid: Expected deploy or rollback, got "both"',
    ]);
    expect(problems[0]?.[2]).toBe('Did you mean "ssh-private-key"?');
    expect(problems[1]?.[2]).toBe(`The inputs are: ${names.join(", ")}.`);
  });

  test("a secret is masked before anything else, and cannot print itself", () => {
    const { value, masks } = read({ "INPUT_SSH-PRIVATE-KEY": "top secret\nline two\n" }, (reader) =>
      reader.secret("ssh-private-key"),
    );
    expect(value?.reveal()).toBe("top secret\nline two\n");
    expect(JSON.stringify({ value })).toBe('{"value":"[secret]"}');
    expect(masks).toEqual(["top secret\nline two\n"]);
  });

  test("an empty secret is none", () => {
    expect(read({ "INPUT_SSH-PRIVATE-KEY": " \n" }, (reader) => reader.secret("ssh-private-key"))).toEqual({
      value: undefined,
      masks: [" \n"],
      problems: [],
    });
  });
});
