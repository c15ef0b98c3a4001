import {
  configJsonSchema,
  DeployError,
  DeployErrors,
  type JsonSchema,
  parseConfig,
  starterConfig,
} from "@deploy/core";
import { describe, expect, test } from "@jest/globals";
import { around, parse, plain } from "./helpers.ts";

function defaultsOf(schema: JsonSchema | undefined): Record<string, unknown> {
  const entries = Object.entries(schema?.properties ?? {});
  return Object.fromEntries(
    entries.flatMap(([key, { default: value }]) => (value === undefined ? [] : [[key, value]])),
  );
}

describe("the JSON Schema", () => {
  const schema = configJsonSchema();
  const keys = schema.properties ?? {};

  test("publishes the defaults that are applied", () => {
    expect(defaultsOf(schema)).toEqual({
      source: ".",
      exclude: [],
      "allow-credentials": [],
      build: [],
      "keep-releases": 5,
      prepare: [],
    });
    const { shared, activate, migrate } = keys;
    expect(defaultsOf(migrate?.anyOf?.[1])).toEqual({ "on-cancel": "keep", grace: "10s", silence: "5m" });
    expect([shared, activate, activate?.properties?.health].map(defaultsOf)).toEqual([
      { directories: [], files: [] },
      { strategy: "all", reload: [] },
      { status: 200, "expect-release": true, within: "30s", interval: "1s", passes: 1 },
    ]);
    const written = { ...defaultsOf(schema), shared: defaultsOf(shared), activate: defaultsOf(activate) };
    const lines = Object.entries(written).map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
    expect(parse(around(lines.join("\n")))).toEqual(plain);
  });

  test("knows every key and no other, and says what each means", () => {
    const environment = keys.environments?.additionalProperties as JsonSchema;
    expect([schema.additionalProperties, environment.additionalProperties]).toEqual([false, false]);
    const mine = Object.keys(keys).filter((key) => key !== "environments");
    expect(Object.keys(environment.properties ?? {})).toEqual([...mine, "url", "hosts", "leader"]);
    const silent = Object.entries(environment.properties ?? {}).filter(
      ([, { description = "" }]) => description === "",
    );
    expect(silent).toEqual([]);
  });
});

describe("the starter config", () => {
  test("is a config", () => {
    const text = starterConfig({ app: "shop", hosts: ["deploy@web1", "deploy@[::1]:23 roles=web"] });
    const config = parseConfig(text, { file: "deploy.yml" });
    expect(config.hosts.map((host) => host.name)).toEqual(["web1", "[::1]:23"]);
    expect([config.app, config.deployTo, config.leader]).toEqual(["shop", "/var/www/shop", "web1"]);
  });

  test("is good with each of its hints put to use", () => {
    const text = starterConfig({ app: "shop", hosts: ["deploy@web1"] })
      .replaceAll(/^( *)# (backup|migrate|health):/gm, "$1$2:")
      .replaceAll(/: \[\] +# \[/g, ": [");
    expect(parse(text)).toMatchObject({
      shared: { directories: ["public/uploads", "log"], files: [".env"] },
      prepare: [{ run: "npm ci --omit=dev" }],
      backup: { database: "sqlite", path: "data/app.db" },
      migrate: { run: "npm run migrate" },
      activate: { reload: [{ run: "sudo systemctl reload shop" }], health: { within: 30_000 } },
    });
  });

  test("takes no bad name and no bad host", () => {
    expect(() => starterConfig({ app: "a\nb: c", hosts: ["u@web1"] })).toThrow(DeployError);
    expect(() => starterConfig({ app: "shop", hosts: ["-x"] })).toThrow(DeployErrors);
  });
});
