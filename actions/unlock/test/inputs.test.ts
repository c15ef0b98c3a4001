import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readInputs as readAll } from "@deploy/action-kit";
import { expect, test } from "@jest/globals";
import { inputs, readInputs } from "../src/inputs.ts";

const manifest = readFileSync(join(import.meta.dirname, "../action.yml"), "utf8");

/** Names at the first level below `inputs:`. */
function declared(): readonly string[] {
  const block = manifest.slice(manifest.indexOf("\ninputs:"), manifest.indexOf("\noutputs:"));
  return [...block.matchAll(/^ {2}([a-z-]+):$/gm)].map(([, name]) => name ?? "");
}

function read(env: Record<string, string>) {
  return readAll(env, inputs, () => {}, readInputs);
}

test("action.yml declares exactly the inputs that are read", () => {
  expect([...declared()].sort()).toEqual([...inputs].sort());
});

test("without any input it reads its defaults", () => {
  expect(read({})).toMatchObject({
    session: "default",
    dryRun: false,
    settings: {
      configFile: ".github/deploy.yml",
      configRequired: false,
      environment: undefined,
      overrides: {},
    },
  });
});

test("nothing is done without a confirmation, and only `true` is one", () => {
  const confirm = (text: string) => read({ INPUT_CONFIRM: text }).confirm;
  expect([read({}).confirm, confirm(""), confirm("false"), confirm("true")]).toEqual([
    false,
    false,
    false,
    true,
  ]);
  expect(() => read({ INPUT_CONFIRM: "yes" })).toThrow("Expected true or false");
});

test("settings that only a deploy has are unknown here", () => {
  expect(() => read({ "INPUT_KEEP-RELEASES": "3" })).toThrow("input-unknown");
});

test("the key is a secret", () => {
  const { connection } = read({ "INPUT_SSH-PRIVATE-KEY": "key", "INPUT_KNOWN-HOSTS": "web1 x AAAA" });
  expect([JSON.stringify(connection), connection.privateKey?.reveal()]).toEqual([
    '{"knownHosts":"web1 x AAAA","privateKey":"[secret]"}',
    "key",
  ]);
});
