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

test("inputs become overrides of the config, as typed", () => {
  const { settings, session, dryRun } = read({
    INPUT_ENVIRONMENT: "staging",
    INPUT_CONFIG: "other.yml",
    INPUT_HOSTS: "a\nb",
    "INPUT_DEPLOY-TO": "/srv/$(id)",
    "INPUT_KEEP-RELEASES": "3",
    "INPUT_DRY-RUN": "true",
  });
  expect({ settings, session, dryRun }).toEqual({
    settings: {
      configFile: "other.yml",
      configRequired: true,
      environment: "staging",
      overrides: { hosts: "a\nb", deployTo: "/srv/$(id)", keepReleases: "3" },
    },
    session: "staging",
    dryRun: true,
  });
});

test("the key is a secret", () => {
  const { connection } = read({
    "INPUT_SSH-PRIVATE-KEY": "key",
    "INPUT_KNOWN-HOSTS": "web1 ssh-ed25519 AAAA",
  });
  expect([JSON.stringify(connection), connection.privateKey?.reveal()]).toEqual([
    '{"knownHosts":"web1 ssh-ed25519 AAAA","privateKey":"[secret]"}',
    "key",
  ]);
});

test("the lock is waited for ten minutes unless told; the token is a secret", () => {
  const wait = (text: string) => read({ "INPUT_LOCK-WAIT": text }).lockWait;
  expect([read({}).lockWait, wait("0s"), wait("0"), wait("90s"), wait("1h")]).toEqual([
    600_000, 0, 0, 90_000, 3_600_000,
  ]);
  expect(() => wait("10")).toThrow("input lock-wait");
  const { githubToken } = read({ "INPUT_GITHUB-TOKEN": "ghs_x" });
  expect([read({}).githubToken, JSON.stringify(githubToken), githubToken?.reveal()]).toEqual([
    undefined,
    '"[secret]"',
    "ghs_x",
  ]);
});
