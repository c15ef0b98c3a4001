import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type InputReader, readInputs as readAll } from "@deploy/action-kit";
import type { Secret } from "@deploy/core";
import { describe, expect, test } from "@jest/globals";

/** What every action's inputs.ts exports: the same promises for all of them, held once. */
interface InputsModule {
  readonly inputs: readonly string[];
  readonly readInputs: (reader: InputReader) => Readonly<Record<string, unknown>>;
}

const actions = join(import.meta.dirname, "../../actions");
const names = readdirSync(actions).sort();
const modules = new Map<string, InputsModule>();
for (const name of names)
  modules.set(name, (await import(join(actions, name, "src/inputs.ts"))) as InputsModule);

const moduleOf = (name: string): InputsModule => modules.get(name) as InputsModule;
const has = (input: string): readonly string[] =>
  names.filter((name) => moduleOf(name).inputs.includes(input));

function read(name: string, env: Readonly<Record<string, string>>): Readonly<Record<string, unknown>> {
  const { inputs, readInputs } = moduleOf(name);
  return readAll(env, inputs, () => {}, readInputs);
}

describe.each(names)("%s", (name) => {
  test("action.yml declares exactly the inputs that are read", () => {
    const manifest = readFileSync(join(actions, name, "action.yml"), "utf8");
    const block = manifest.slice(manifest.indexOf("\ninputs:"), manifest.indexOf("\noutputs:"));
    const declared = [...block.matchAll(/^ {2}([a-z-]+):$/gm)].map(([, input]) => input ?? "");
    expect(declared.sort()).toEqual([...moduleOf(name).inputs].sort());
  });

  test("without any input it reads its defaults", () => {
    const settings = {
      configFile: ".github/deploy.yml",
      configRequired: false,
      environment: undefined,
      overrides: {},
    };
    expect(read(name, {})).toMatchObject({ session: "default", dryRun: false, settings });
  });
});

test.each(has("leader"))("%s: inputs become overrides of the config, as typed", (name) => {
  const { settings, session, dryRun } = read(name, {
    INPUT_ENVIRONMENT: "staging",
    INPUT_CONFIG: "other.yml",
    INPUT_HOSTS: "a\nb",
    "INPUT_DEPLOY-TO": "/srv/$(id)",
    "INPUT_KEEP-RELEASES": "3",
    "INPUT_DRY-RUN": "true",
  });
  const overrides = { hosts: "a\nb", deployTo: "/srv/$(id)", keepReleases: "3" };
  expect({ settings, session, dryRun }).toEqual({
    settings: { configFile: "other.yml", configRequired: true, environment: "staging", overrides },
    session: "staging",
    dryRun: true,
  });
});

test.each(has("ssh-private-key"))("%s: the key is a secret", (name) => {
  const env = { "INPUT_SSH-PRIVATE-KEY": "key", "INPUT_KNOWN-HOSTS": "web1 ssh-ed25519 AAAA" };
  const connection = read(name, env).connection as { readonly privateKey: Secret };
  expect([JSON.stringify(connection), connection.privateKey.reveal()]).toEqual([
    '{"knownHosts":"web1 ssh-ed25519 AAAA","privateKey":"[secret]"}',
    "key",
  ]);
});

test.each(has("lock-wait"))("%s: the lock is waited for ten minutes unless told", (name) => {
  const wait = (text: string) => read(name, { "INPUT_LOCK-WAIT": text }).lockWait;
  expect([read(name, {}).lockWait, wait("0s"), wait("0"), wait("90s"), wait("1h")]).toEqual([
    600_000, 0, 0, 90_000, 3_600_000,
  ]);
  expect(() => wait("10")).toThrow("input lock-wait");
});

test.each(has("github-token"))("%s: the token is a secret", (name) => {
  const token = read(name, { "INPUT_GITHUB-TOKEN": "ghs_x" }).githubToken as Secret;
  expect([read(name, {}).githubToken, JSON.stringify(token), token.reveal()]).toEqual([
    undefined,
    '"[secret]"',
    "ghs_x",
  ]);
});

test("pack has no secret as an input: build scripts never run beside keys", () => {
  expect(moduleOf("pack").inputs.filter((input) => /key|passphrase|secret|token/.test(input))).toEqual([]);
});
