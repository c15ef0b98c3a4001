import { DeployErrors, formatProblem, parseConfig } from "@deploy/core";
import { describe, expect, test } from "@jest/globals";
import { around, inputs, parse, plain } from "./helpers.ts";

describe("inputs without a file", () => {
  test("name the app by its folder and the environment production", () => {
    expect(inputs({ deployTo: "/srv/shop/", hosts: "deploy@web1" })).toEqual(plain);
    expect(
      inputs({ app: "a", environment: "test", deployTo: "~/shop", hosts: "web1", username: "deploy" }),
    ).toEqual({
      ...plain,
      app: "a",
      environment: "test",
      deployTo: "~/shop",
    });
  });

  test("say everything a file says", () => {
    const config = inputs({
      app: "shop",
      url: "https://shop.example.com",
      hosts: "web1 roles=web\nweb2:23",
      username: "deploy",
      leader: "web2",
      deployTo: "/srv/shop",
      source: "build",
      exclude: "*.map\n\n!keep.map",
      allowCredentials: "dev.pem\n",
      build: "npm ci\nnpm run build",
      sharedDirectories: "log\nuploads",
      sharedFiles: ".env",
      keepReleases: "9",
      prepare: "npm ci --omit=dev",
      migrate: "npm run migrate",
      migrateEnvFile: ".env",
      strategy: "all",
      reload: "touch tmp/restart.txt",
      healthUrl: "http://127.0.0.1/up",
      healthStatus: "204",
      healthExpectRelease: "false",
      healthWithin: "1m",
      healthInterval: "2s",
      healthPasses: "2",
    });
    expect(config).toEqual({
      app: "shop",
      environment: "production",
      url: "https://shop.example.com",
      source: "build",
      exclude: ["*.map", "!keep.map"],
      allowCredentials: ["dev.pem"],
      build: ["npm ci", "npm run build"],
      deployTo: "/srv/shop",
      shared: { directories: ["log", "uploads"], files: [".env"] },
      keepReleases: 9,
      leader: "web2:23",
      hosts: [
        { name: "web1", address: "web1", port: 22, username: "deploy", roles: ["web"] },
        { name: "web2:23", address: "web2", port: 23, username: "deploy", roles: [] },
      ],
      prepare: [{ run: "npm ci --omit=dev", roles: [] }],
      migrate: { run: "npm run migrate", envFile: ".env", onCancel: "keep", grace: 10_000, silence: 300_000 },
      activate: {
        strategy: "all",
        reload: [{ run: "touch tmp/restart.txt", roles: [] }],
        health: {
          url: "http://127.0.0.1/up",
          status: 204,
          expectRelease: false,
          within: 60_000,
          interval: 2000,
          passes: 2,
          roles: [],
        },
      },
    });
  });

  test("are all judged, each with the name of its input", () => {
    const lines = inputs({
      environment: "-",
      deployTo: "shop",
      hosts: "deploy@web1\n\n-x",
      keepReleases: "many",
      sharedFiles: "a\n\n../b",
      migrateEnvFile: ".env",
      healthExpectRelease: "yes",
      healthWithin: "30",
    });
    expect(lines).toEqual([
      'input environment: expected a name of letters, digits and . _ - (at most 64, starting with a letter or digit), got "-"',
      'input deploy-to: expected an absolute path below a folder of your own, such as /var/www/shop or ~/shop, got "shop"',
      'input shared-files:3: expected a relative path without .. or control characters, such as public/uploads, got "../b"',
      'input keep-releases: expected a whole number from 1 to 1000, got "many"',
      "input migrate: expected a command (text without NUL characters), got nothing",
      "input health-url: expected an http:// or https:// URL without user and password, got nothing",
      'input health-expect-release: expected true or false, got "yes"',
      'input health-within: expected a duration with its unit, from 1ms to 24h (500ms, 30s, 10m, 1h), got "30". Write "30s" for 30 seconds.',
      'input hosts:3: expected a host name or IP address (letters, digits, dots, hyphens), got "-x"',
    ]);
  });

  test("that are not there are named", () => {
    expect(inputs({ deployTo: "", hosts: " \n" })).toEqual([
      "input app: expected the app's name, got nothing",
      "input deploy-to: expected the app's folder on the hosts, got nothing",
      "input hosts: expected at least one host, got nothing",
    ]);
  });
});

describe("inputs over a file", () => {
  const file = around(
    "migrate: { run: old, timeout: 1h }\nusername: root\nactivate: { health: { url: 'http://a/', passes: 2 } }",
  );

  test("win, value by value", () => {
    const said = {
      hosts: "web2",
      migrateEnvFile: ".env",
      healthUrl: "http://b/",
      deployTo: "",
      username: "deploy",
    };
    expect(parse(file, said)).toMatchObject({
      deployTo: "/srv/shop",
      leader: "web2",
      hosts: [{ name: "web2", username: "deploy" }],
      migrate: { run: "old", envFile: ".env", timeout: 3_600_000 },
      activate: { health: { url: "http://b/", passes: 2 } },
    });
  });

  test("keep their own places, and the file keeps its own", () => {
    const bad = around("keep-releases: x");
    expect(parse(bad, { hosts: "deploy@web1\nweb2", leader: "web3" })).toEqual([
      'deploy.yml:3:16 keep-releases: expected a whole number from 1 to 1000, got "x"',
      "input hosts:2: expected a user for web2, got nothing. Write user@web2, or set username.",
    ]);
    expect(parse(around(""), { leader: "web3" })).toEqual([
      'input leader: expected one of the hosts (web1), got "web3". Did you mean "web1"?',
    ]);
  });

  test("show as other problems do, with code, place and next move", () => {
    try {
      parseConfig(around(""), { file: "deploy.yml", overrides: { hosts: "u@a\nb" } });
    } catch (error) {
      const problems = error instanceof DeployErrors ? error.problems : [];
      expect(problems).toEqual([
        {
          code: "config-missing",
          message: "expected a user for b, got nothing",
          hint: "Write user@b, or set username.",
          place: { path: "input hosts", line: 2 },
        },
      ]);
      expect(problems.map(formatProblem)).toEqual([
        "config-missing · input hosts:2 · expected a user for b, got nothing. Write user@b, or set username.",
      ]);
    }
    expect.assertions(2);
  });
});
