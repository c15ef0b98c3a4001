import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Declared, type InputReader, readInputs as readAll } from "@deploy/action-kit";
import { inputsOf, type Secret, type SectionName, sections } from "@deploy/core";
import { describe, expect, test } from "@jest/globals";

/** What every action's inputs.ts exports: the same promises for all of them, held once. */
interface InputsModule {
  readonly inputs: readonly string[];
  readonly declared: Declared;
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
    expect(read(name, {})).toMatchObject({ handOver: "default", dryRun: false, settings });
  });
});

test.each(has("hosts"))("%s: inputs become overrides of the config, as typed", (name) => {
  // Actions that keep no releases do not say how many.
  const keeps = has("keep-releases").includes(name);
  const { settings, handOver, dryRun } = read(name, {
    INPUT_ENVIRONMENT: "staging",
    INPUT_CONFIG: "other.yml",
    INPUT_HOSTS: "a\nb",
    "INPUT_DEPLOY-TO": "/srv/$(id)",
    ...(keeps ? { "INPUT_KEEP-RELEASES": "3" } : {}),
    "INPUT_DRY-RUN": "true",
  });
  const overrides = { hosts: "a\nb", deployTo: "/srv/$(id)", ...(keeps ? { keepReleases: "3" } : {}) };
  expect({ settings, handOver, dryRun }).toEqual({
    settings: { configFile: "other.yml", configRequired: true, environment: "staging", overrides },
    handOver: "staging other.yml",
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

test.each(has("lock-wait"))(
  "%s: the lock is waited for longer than an abandoned one lasts unless told",
  (name) => {
    const wait = (text: string) => read(name, { "INPUT_LOCK-WAIT": text }).lockWait;
    expect([read(name, {}).lockWait, wait("0s"), wait("0"), wait("90s"), wait("1h")]).toEqual([
      1_200_000, 0, 0, 90_000, 3_600_000,
    ]);
    expect(() => wait("10")).toThrow("input lock-wait");
  },
);

test("what begins a deploy takes force", () => {
  const forced = has("force").map((name) => [name, read(name, { INPUT_FORCE: "true" }).force]);
  expect(forced).toEqual([
    ["deploy", true],
    ["plan", true],
    ["upload", true],
  ]);
});

test.each(has("github-token"))("%s: the token is a secret", (name) => {
  const token = read(name, { "INPUT_GITHUB-TOKEN": "ghs_x" }).githubToken as Secret;
  expect([read(name, {}).githubToken, JSON.stringify(token), token.reveal()]).toEqual([
    undefined,
    '"[secret]"',
    "ghs_x",
  ]);
});

test.each(has("aws-secret-access-key"))("%s: keys of a store are secrets, and both or none", (name) => {
  const id = { "INPUT_AWS-ACCESS-KEY-ID": " AKIA1\n" };
  const { keys } = read(name, { ...id, "INPUT_AWS-SECRET-ACCESS-KEY": "key" });
  expect(JSON.stringify(keys)).toBe('{"id":"AKIA1","secret":"[secret]"}');
  expect(read(name, {}).keys).toBeUndefined();
  expect(() => read(name, id)).toThrow("aws-secret-access-key");
  expect(() => read(name, { "INPUT_AWS-SECRET-ACCESS-KEY": "key" })).toThrow("aws-access-key-id");
});

test.each(has("git-token"))("%s: what hosts fetch the commit with is a secret", (name) => {
  const { git } = read(name, { "INPUT_GIT-KEY": "key", "INPUT_GIT-TOKEN": "ghs_x" }) as {
    readonly git: { readonly key: Secret; readonly token: Secret };
  };
  expect([JSON.stringify(git), git.key.reveal(), git.token.reveal(), read(name, {}).git]).toEqual([
    '{"key":"[secret]","token":"[secret]"}',
    "key",
    "ghs_x",
    {},
  ]);
});

test.each(has("encrypt-to"))("%s: what is backed up is an override of the config, as typed", (name) => {
  const env = { INPUT_DATABASE: "files", INPUT_PATHS: "a\n$(id)", "INPUT_KEEP-FOR": "30d" };
  expect(read(name, env).overrides).toEqual({ database: "files", paths: "a\n$(id)", keepFor: "30d" });
});

test.each(
  names.flatMap((name) =>
    ["url", "database-url", "age-key", "signing-key", "purge-token"]
      // Elsewhere it is where people see the app.
      .filter((input) => has(input).includes(name) && (input !== "url" || has("encrypt-to").includes(name)))
      .map((input) => [name, input] as const),
  ),
)("%s: %s is a secret", (name, input) => {
  const found = read(name, { [`INPUT_${input.toUpperCase()}`]: "s3cret value" });
  expect([JSON.stringify(found).includes("s3cret"), JSON.stringify(found).includes("[secret]")]).toEqual([
    false,
    true,
  ]);
});

const handedOver = names.flatMap((name) =>
  Object.entries(moduleOf(name).declared.table)
    .filter(([, { default: fallback }]) => fallback === "none")
    .map(([input]) => [name, input] as const),
);

test("every packed release, plan and release is handed over", () => {
  const all = ["artifact", "packed", "plan", "plan-digest", "release"].flatMap((input) =>
    has(input).map((name) => [name, input]),
  );
  expect([...handedOver].sort()).toEqual(all.sort());
});

test.each(handedOver)("%s: %s is refused by name where it arrives empty, and none is none", (name, input) => {
  const variable = `INPUT_${input.toUpperCase()}`;
  expect(() => read(name, { [variable]: " " })).toThrow(`hand-over-empty · input ${input} ·`);
  expect(read(name, { [variable]: "none" })).toEqual(read(name, {}));
  expect(JSON.stringify(read(name, { [variable]: "4711" }))).toContain('"4711"');
});

/** The sections of the config that each action reads, in the order of the config. */
test("an action reads the sections it needs", () => {
  const order = Object.keys(sections);
  const read = (name: string) =>
    [...moduleOf(name).declared.sections].sort((a, b) => order.indexOf(a) - order.indexOf(b)).join(" ");
  const plan = "app url source deployTo shared retention hosts upload prepare migrate configure activate";
  expect(Object.fromEntries(names.map((name) => [name, read(name)]))).toEqual({
    activate: plan,
    backup: "app deployTo hosts backup",
    "build-assets": "assets",
    deploy: plan.replace("source", "source build"),
    doctor: "app deployTo hosts",
    migrate: plan,
    pack: "app source build deployTo shared hosts upload",
    package: "app deployTo shared hosts packages",
    plan,
    promote: "app deployTo hosts packages",
    reconcile: plan,
    remove: "app deployTo hosts",
    restore: "app deployTo hosts backup",
    rollback: "app url deployTo shared hosts migrate configure activate",
    status: "app url deployTo hosts configure status",
    unlock: "app deployTo hosts",
    upload: plan,
  });
});

test.each(
  names.flatMap((name) =>
    (Object.keys(sections) as SectionName[])
      .filter((section) => !moduleOf(name).declared.sections.includes(section))
      .map((section) => [name, section] as const),
  ),
)("%s refuses the inputs of %s", (name, section) => {
  const mine = Object.keys(inputsOf(moduleOf(name).declared.sections));
  // The address of a database, elsewhere where people see the app; and the environment that packages come from.
  const theirs = section === "url" ? "url" : section === "backup" && name === "promote" ? "from" : "";
  const own = has(theirs).includes(name) ? [...mine, theirs] : mine;
  for (const input of Object.keys(inputsOf([section])).filter((input) => !own.includes(input))) {
    expect(() => read(name, { [`INPUT_${input.toUpperCase()}`]: "x" })).toThrow("input-unknown");
  }
});

test("the assets of build-assets are overrides of the config, as typed", () => {
  const env = { INPUT_SOURCE: "$(id)", "INPUT_KEEP-RELEASES": "3", "INPUT_PATH-STYLE": "true" };
  const overrides = { source: "$(id)", keepReleases: "3", pathStyle: "true" };
  expect(read("build-assets", env).overrides).toEqual(overrides);
});

test("pack has no secret as an input: build scripts never run beside keys", () => {
  expect(moduleOf("pack").inputs.filter((input) => /key|passphrase|secret|token/.test(input))).toEqual([]);
});
