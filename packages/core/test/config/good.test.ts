import { parseConfig } from "@deploy/core";
import { describe, expect, test } from "@jest/globals";
import { around, parse, plain } from "./helpers.ts";

const whole = `
app: shop
source: ./build/
exclude: [node_modules/.cache]
allow-credentials: [./config/dev.pem]
build: [npm ci, { run: npm run build, timeout: 20m }]
deploy-to: /var/www/shop/
shared: { directories: [public/uploads/, log], files: [.env] }
keep-releases: 7
username: deploy
prepare:
  - npm ci --omit=dev
  - { run: bin/warm, roles: [web], env-file: .env, timeout: 5m }
backup: { database: sqlite, path: data/shop.db }
migrate: { run: npm run migrate, env-file: .env, on-cancel: terminate, grace: 30s, silence: 2m, compatible: true, timeout: 1h, silence-timeout: 20m }
activate:
  strategy: rolling
  rolling: { max-unavailable: 25%, order: listed }
  canary: { hosts: 10%, soak: 15m, interval: 30s, check: bin/canary, more-errors: 0.5%, then: hold }
  on-failure: hold
  reload: [{ run: sudo systemctl reload shop, roles: [web] }]
  health: { url: "http://127.0.0.1:8080/up", status: 204, expect-release: false, within: 1m, timeout: 20s, address: "::1", interval: 500ms, passes: 3, quiet: 2s, headers: ["X-Forwarded-Proto:  https"], roles: [web] }
environments:
  production:
    url: https://shop.example.com
    leader: web2.example.com
    hosts:
      - root@WEB1.example.com roles=web
      - { address: web2.example.com, port: 2222, roles: [web, worker] }
`;

const keeping = { encryptTo: [], from: "leader", proof: "read", compression: "auto", minimum: 64 };

describe("a good file", () => {
  test("becomes a Config, every key of it", () => {
    expect(parse(whole)).toEqual({
      app: "shop",
      environment: "production",
      url: "https://shop.example.com",
      source: "build",
      exclude: ["node_modules/.cache"],
      allowCredentials: ["config/dev.pem"],
      build: [{ run: "npm ci" }, { run: "npm run build", timeout: 1_200_000 }],
      deployTo: "/var/www/shop",
      shared: { directories: ["public/uploads", "log"], files: [".env"] },
      keepReleases: 7,
      leader: "web2.example.com:2222",
      hosts: [
        { name: "web1.example.com", address: "web1.example.com", port: 22, username: "root", roles: ["web"] },
        {
          name: "web2.example.com:2222",
          address: "web2.example.com",
          port: 2222,
          username: "deploy",
          roles: ["web", "worker"],
        },
      ],
      prepare: [
        { run: "npm ci --omit=dev", roles: [] },
        { run: "bin/warm", roles: ["web"], envFile: ".env", timeout: 300_000 },
      ],
      backup: { database: "sqlite", path: "data/shop.db", ...keeping, keep: 14 },
      migrate: {
        run: "npm run migrate",
        envFile: ".env",
        onCancel: "terminate",
        grace: 30_000,
        silence: 120_000,
        compatible: true,
        timeout: 3_600_000,
        silenceTimeout: 1_200_000,
      },
      activate: {
        strategy: "rolling",
        rolling: { maxUnavailable: { percent: 25 }, order: "listed" },
        canary: {
          hosts: { percent: 10 },
          soak: 900_000,
          interval: 30_000,
          check: "bin/canary",
          moreErrors: 0.005,
          others: "hold",
        },
        onFailure: "hold",
        reload: [{ run: "sudo systemctl reload shop", roles: ["web"] }],
        health: {
          url: "http://127.0.0.1:8080/up",
          status: 204,
          expectRelease: false,
          within: 60_000,
          timeout: 20_000,
          address: "::1",
          interval: 500,
          passes: 3,
          quiet: 2_000,
          headers: ["X-Forwarded-Proto: https"],
          roles: ["web"],
        },
      },
    });
  });

  test("has defaults for what it does not say", () => {
    expect(parse(around(""))).toEqual(plain);
    const health = 'activate: { health: { url: "http://127.0.0.1/" } }';
    expect(parse(around(health))).toEqual({
      ...plain,
      activate: {
        strategy: "all",
        reload: [],
        health: {
          url: "http://127.0.0.1/",
          status: 200,
          expectRelease: true,
          within: 30_000,
          timeout: 5_000,
          interval: 1000,
          passes: 1,
          roles: [],
        },
      },
    });
  });

  test("may dump its database with a command, and migrate with a plain one", () => {
    const part =
      "backup: { database: command, run: pg_dump, verify: pg_restore -l, keep: 3 }\nmigrate: ./migrate";
    expect(parse(around(part))).toEqual({
      ...plain,
      backup: { database: "command", run: "pg_dump", verify: "pg_restore -l", ...keeping, keep: 3 },
      migrate: { run: "./migrate", onCancel: "keep", grace: 10_000, silence: 300_000 },
    });
  });

  test("is frozen all through", () => {
    const config = parseConfig(whole, { file: "deploy.yml" });
    const parts = [
      config,
      config.shared.files,
      config.hosts[0]?.roles,
      config.prepare[1],
      config.activate.health,
    ];
    expect(parts.map(Object.isFrozen)).toEqual([true, true, true, true, true]);
  });
});

describe("environments", () => {
  const two = `
app: shop
deploy-to: /srv/shop
keep-releases: 3
environments:
  staging: { keep-releases: 1, deploy-to: /srv/staging, hosts: [deploy@web9] }
  constructor: { hosts: [deploy@web1] }
`;

  test("replace keys of the top, as a whole", () => {
    const config = parseConfig(two, { file: "f", environment: "staging" });
    expect([config.environment, config.keepReleases, config.deployTo]).toEqual([
      "staging",
      1,
      "/srv/staging",
    ]);
    expect(parseConfig(two, { file: "f", environment: "constructor" }).keepReleases).toBe(3);
  });

  test("must be named where there are several", () => {
    expect(parse(two)).toEqual([
      "deploy.yml:5:1 environments: expected an environment to be named (one of staging, constructor), got nothing",
    ]);
    expect(parse(two, { environment: "stagin" })).toEqual([
      'input environment: expected one of staging, constructor, got "stagin". Did you mean "staging"?',
    ]);
    expect(parse(two, { environment: "toString" })).toEqual([
      'input environment: expected one of staging, constructor, got "toString"',
    ]);
  });

  test("need not be in the file", () => {
    const text = "app: shop\ndeploy-to: /srv/shop\n";
    expect(parse(text, { hosts: "deploy@web1" })).toEqual(plain);
    expect(parse(text, { hosts: "deploy@web1", environment: "test" })).toEqual({
      ...plain,
      environment: "test",
    });
  });

  test("share parts by anchors and merge keys", () => {
    const text = `
app: shop
deploy-to: /srv/shop
environments:
  production:
    hosts: [deploy@web1]
    activate: &activate { reload: [reload], health: { url: "http://localhost/" } }
  staging:
    hosts: [deploy@web2]
    activate: { <<: *activate, reload: [restart] }
`;
    const { activate } = parseConfig(text, { file: "f", environment: "staging" });
    expect([activate.reload, activate.health?.url]).toEqual([
      [{ run: "restart", roles: [] }],
      "http://localhost/",
    ]);
  });
});
