import { describe, expect, test } from "@jest/globals";
import { around, parse } from "./helpers.ts";

const topKeys =
  "app, source, exclude, built, allow-credentials, build, deploy-to, shared, writes, keep-releases, keep-for, username, upload, prepare, playbook, backup, migrate, assets, configure, activate, console, logs, remove, records, status, package";
const name = "a name of letters, digits and . _ - (at most 64, starting with a letter or digit)";
const duration = "a duration with its unit, from 1ms to 24h (500ms, 30s, 10m, 1h)";
const relative = "a relative path without .. or control characters, such as public/uploads";
const command = "a command, or a mapping with run, roles, env-file, timeout";
const folder = "an absolute path below a folder of your own, such as /var/www/shop or ~/shop";
const hostLine = "a host such as deploy@web1.example.com:22 roles=web,worker";
const url = "an http:// or https:// URL without user and password";

/** What stands on line 3 of an otherwise good file, and every line a person then reads. */
const parts: readonly (readonly [part: string, ...lines: string[]])[] = [
  [
    "keep-release: 5",
    `3:1 keep-release: expected one of ${topKeys}, environments, got "keep-release". Did you mean "keep-releases"?`,
  ],
  [
    "keepReleases: 5",
    `3:1 keepReleases: expected one of ${topKeys}, environments, got "keepReleases". Did you mean "keep-releases"?`,
  ],
  [
    "hosts: []",
    `3:1 hosts: expected one of ${topKeys}, environments, got "hosts". Write it as environments.<name>.hosts.`,
  ],
  ["zebra: 1", `3:1 zebra: expected one of ${topKeys}, environments, got "zebra"`],
  ["__proto__: { app: x }", `3:1 __proto__: expected one of ${topKeys}, environments, got "__proto__"`],
  ["keep-releases: 0", "3:16 keep-releases: expected a whole number from 1 to 1000, got 0"],
  ['keep-releases: "5"', '3:16 keep-releases: expected a whole number from 1 to 1000, got "5"'],
  [
    "keep-releases: 99999999999999999999",
    "3:16 keep-releases: expected a whole number from 1 to 1000, got 100000000000000000000",
  ],
  ["keep-releases:", "3:15 keep-releases: expected a whole number from 1 to 1000, got nothing"],
  [
    "source: ../x",
    '3:9 source: expected a folder of the repository, as a relative path without .., got "../x"',
  ],
  ["source: /x", '3:9 source: expected a folder of the repository, as a relative path without .., got "/x"'],
  ["exclude: node_modules", '3:10 exclude: expected a list of patterns, got "node_modules"'],
  ["build: [{ run: x, roles: [] }]", '3:19 build[0].roles: expected one of run, timeout, got "roles"'],
  [
    "username: Root",
    '3:11 username: expected a user name (a-z, 0-9, _ . -, at most 32, starting with a letter or _), got "Root"',
  ],
  ["shared: [log]", "3:9 shared: expected a mapping with directories, files, got a list"],
  ["shared: { dirs: [log] }", '3:11 shared.dirs: expected one of directories, files, got "dirs"'],
  [
    "shared: { directories: [a/../b, /log, -x, .] }",
    `3:25 shared.directories[0]: expected ${relative}, got "a/../b"`,
    `3:33 shared.directories[1]: expected ${relative}, got "/log"`,
    `3:39 shared.directories[2]: expected ${relative}, got "-x"`,
    `3:43 shared.directories[3]: expected ${relative}, got "."`,
  ],
  [
    "shared: { directories: [a/b, a], files: [a/c, REVISION, log/] }",
    '3:25 shared.directories[0]: expected shared paths apart from each other, got "a/b", which lies in "a"',
    '3:42 shared.files[0]: expected shared paths apart from each other, got "a/c", which lies in "a"',
    `3:47 shared.files[1]: expected ${relative}, got "REVISION"`,
    `3:57 shared.files[2]: expected ${relative}, got "log/"`,
  ],
  [
    "shared: { files: [.env, ./.env] }",
    '3:25 shared.files[1]: expected shared paths apart from each other, got ".env", which is there already',
  ],
  [
    "prepare: [4, { rn: x }, { roles: [web] }]",
    `3:11 prepare[0]: expected ${command}, reads, makes, tools, unchanged, got 4`,
    '3:16 prepare[1].rn: expected one of run, roles, env-file, timeout, reads, makes, tools, unchanged, got "rn". Did you mean "run"?',
    "3:25 prepare[2].run: expected a command (text without NUL characters), got nothing",
  ],
  [
    "prepare: [{ run: x, reads: [a] }, { run: x, tools: [node --version] }, { run: x, reads: [../a], makes: [b] }]",
    `3:90 prepare[2].reads[0]: expected a relative path without .. or control characters, such as node_modules, got "../a"`,
  ],
  [
    "prepare: [{ run: x, reads: [a] }, { run: x, tools: [node --version] }]",
    "3:21 prepare[0].reads: expected `reads` and `makes` together, each with a path or more",
    "3:45 prepare[1].tools: expected `reads` and `makes` together, each with a path or more",
  ],
  [
    "prepare: [{ run: x, env-file: /etc/passwd }]",
    `3:31 prepare[0].env-file: expected ${relative}, got "/etc/passwd"`,
  ],
  [
    "backup: { database: redis }",
    '3:21 backup.database: expected postgres, mysql, mariadb, sqlite, files or command, got "redis", which is not available yet',
  ],
  [
    "backup: { database: postgresql, store: /mnt }",
    '3:21 backup.database: expected postgres, mysql, mariadb, sqlite, files or command, got "postgresql". Did you mean "postgres"?',
  ],
  [
    "backup: { database: postgres }",
    "3:1 backup.store: expected s3://bucket, s3://bucket/prefix, or a folder, got nothing",
  ],
  [
    "backup: { database: sqllite }",
    '3:21 backup.database: expected postgres, mysql, mariadb, sqlite, files or command, got "sqllite". Did you mean "sqlite"?',
  ],
  [
    "backup: { database: command, run: x }",
    "3:1 backup.verify: expected a command (text without NUL characters), got nothing",
  ],
  ["backup: yes", '3:9 backup: expected a mapping with database, got "yes"'],
  ["migrate: {}", "3:1 migrate.run: expected a command (text without NUL characters), got nothing"],
  [
    "migrate: []",
    "3:10 migrate: expected a command, or a mapping with run, env-file, on-cancel, grace, silence, compatible, after, diagnose, timeout, silence-timeout, got a list",
  ],
  [
    "migrate: { run: x, on-cancel: kep }",
    '3:31 migrate.on-cancel: expected keep or terminate, got "kep". Did you mean "keep"?',
  ],
  ["migrate: { run: x, on-cancel: no }", '3:31 migrate.on-cancel: expected keep or terminate, got "no"'],
  [
    "migrate: { run: x, silence: 0s, timeout: 10 }",
    `3:29 migrate.silence: expected ${duration}, got "0s"`,
    `3:42 migrate.timeout: expected ${duration}, got 10. Write "10s" for 10 seconds.`,
  ],
  [
    "migrate: { run: x, silent-timeout: 1m }",
    '3:20 migrate.silent-timeout: expected one of run, env-file, on-cancel, grace, silence, compatible, after, diagnose, timeout, silence-timeout, got "silent-timeout". Did you mean "silence-timeout"?',
  ],
  [
    "activate: { strategy: canary }",
    "3:23 activate.strategy: expected something that a canary can be judged by. Add `activate.health`, or a command as `activate.canary.check`.",
  ],
  [
    "activate: { strategy: canry }",
    '3:23 activate.strategy: expected "all", "rolling" or "canary", got "canry". Did you mean "canary"?',
  ],
  [
    "activate: { on-failure: back, canary: { hosts: [], more-errors: 1, then: none } }",
    '3:25 activate.on-failure: expected revert or hold, got "back"',
    "3:48 activate.canary.hosts: expected a number of hosts, a part of them, or a list of their names (1, 10%, [web1.example.com]), got a list",
    "3:65 activate.canary.more-errors: expected a part in percent (1%, 0.5%), got 1",
    '3:74 activate.canary.then: expected all, rolling or hold, got "none"',
  ],
  [
    "activate: { pool: { kind: aws } }",
    '3:27 activate.pool.kind: expected file, haproxy, target-group or command, got "aws"',
  ],
  [
    "activate: { pool: { kind: target-group, groups: ['a b'], targets: [web1=web2] } }",
    '3:50 activate.pool.groups[0]: expected a target group\'s name, or its ARN, got "a b"',
    '3:68 activate.pool.targets[0]: expected a host and its target (web1.example.com=i-0123456789abcdef0, or =10.0.1.11, or =10.0.1.11:8080), got "web1=web2"',
  ],
  [
    "activate: { pool: { kind: target-group, groups: [shop] } }",
    "3:13 activate.pool.targets: expected a target for web1. Write `web1=i-…`, or its IP address.",
    "3:49 activate.pool.groups: expected an ARN, or names and a region. Write `region: eu-central-1` beside them.",
  ],
  [
    "activate: { pool: { kind: haproxy, balancers: [lb1], backend: 'a b' } }",
    '3:48 activate.pool.balancers[0]: expected a host such as deploy@web1.example.com:22 roles=web,worker, got "lb1"',
    '3:63 activate.pool.backend: expected a backend\'s name, got "a b"',
  ],
  [
    "activate: { rolling: { max-unavailable: 0%, order: last } }",
    '3:41 activate.rolling.max-unavailable: expected a number of hosts, or a part of them (1, 25%), got "0%"',
    '3:52 activate.rolling.order: expected late-first or listed, got "last"',
  ],
  [
    'activate: { health: { url: "http://a/", headers: ["Host: b"] } }',
    '3:51 activate.health.headers[0]: expected a header such as `X-Forwarded-Proto: https`, other than Host, which the URL says, got "Host: b"',
  ],
  [
    'activate: { health: { url: "http://a/", within: 30s, quiet: 30s } }',
    "3:61 activate.health.quiet: expected less than `health.within`, which is all the time there is for the proof",
  ],
  [
    'activate: { health: { url: "http://a/", within: 30 } }',
    `3:49 activate.health.within: expected ${duration}, got 30. Write "30s" for 30 seconds.`,
  ],
  [
    'activate: { health: { url: "http://a/", within: 25h } }',
    `3:49 activate.health.within: expected ${duration}, got "25h"`,
  ],
  [
    'activate: { health: { url: "http://a/", expect-release: yes } }',
    '3:57 activate.health.expect-release: expected true or false, got "yes"',
  ],
  ["activate: { health: { url: ftp://a/ } }", `3:28 activate.health.url: expected ${url}, got "ftp://a/"`],
  [
    "activate: { health: { url: http://u:p@a/ } }",
    `3:28 activate.health.url: expected ${url}, got "http://…@a/"`,
  ],
  ["activate: { health: { status: 200 } }", `3:13 activate.health.url: expected ${url}, got nothing`],
];

describe("one bad value", () => {
  test.each(parts)("%s", (part, ...lines) => {
    expect(parse(around(part))).toEqual(lines.map((line) => `deploy.yml:${line}`));
  });

  const folders = [
    "/",
    "//",
    "/etc",
    "/etc/shop",
    "/usr",
    "/usr/bin/x",
    "/home",
    "/home/",
    "/var",
    "/a/../b",
    "/a/./b",
    "/a//b",
    "shop",
    "~",
    "~/",
    "~/../x",
    "~bob/x",
    "/a\\b",
  ];
  test.each(folders)("deploy-to %s", (path) => {
    const text = `app: shop\ndeploy-to: ${JSON.stringify(path)}\nenvironments: { production: { hosts: [deploy@web1] } }\n`;
    expect(parse(text)).toEqual([
      `deploy.yml:2:12 deploy-to: expected ${folder}, got ${JSON.stringify(path)}`,
    ]);
  });

  test.each(["/srv/shop", "/home/deploy/shop", "~/shop", "/opt/my app", "/tmp/x"])(
    "deploy-to %s is good",
    (path) => {
      const text = `app: shop\ndeploy-to: ${path}\nenvironments: { production: { hosts: [deploy@web1] } }\n`;
      expect(parse(text)).toMatchObject({ deployTo: path });
    },
  );
});

describe("a bad fleet", () => {
  const file = (hosts: string, more = "") => {
    return `app: shop\ndeploy-to: /srv/shop\n${more}\nenvironments:\n  production:\n    ${hosts}\n`;
  };

  test("names both lines of a host that is there twice", () => {
    const hosts =
      "hosts:\n      - root@web1\n      - deploy@WEB1:22 roles=web\n      - { address: web2, username: deploy }\n      - deploy@web2 port=22";
    expect(parse(file(hosts))).toEqual([
      "deploy.yml:8:9 environments.production.hosts[1]: expected each host once, got web1 again (first on line 7)",
      "deploy.yml:10:9 environments.production.hosts[3]: expected each host once, got web2 again (first on line 9)",
    ]);
  });

  test("names a document root where there is a shell", () => {
    expect(parse(file("hosts: [{ address: web1, username: u, document-root: /htdocs }]"))).toEqual([
      expect.stringContaining("expected via: sftp (or ftps, ftp) beside document-root of web1, got none."),
    ]);
  });

  test("names a certificate where none is shown, and one that is none", () => {
    const print = "AB:".repeat(31);
    const of = (via: string, certificate: string) =>
      parse(file(`hosts: [{ address: web1, username: u, via: ${via}, certificate: "${certificate}" }]`));
    expect(of("ftp", `${print}AB`)).toEqual([
      expect.stringContaining("expected via: ftps beside certificate of web1, got ftp."),
    ]);
    expect(of("ftps", `${print}A`)).toEqual([
      expect.stringContaining("expected the SHA-256 of a certificate, as `openssl x509"),
    ]);
  });

  test("names hosts without a user, bad lines and bad mappings together", () => {
    const hosts = "hosts: [web1, deploy@web2 role=web, { adress: web3 }, [x], deploy@, { address: -x }]";
    const at = (column: number, rest: string) =>
      `deploy.yml:6:${column} environments.production.hosts${rest}`;
    expect(parse(file(hosts))).toEqual([
      at(13, "[0]: expected a user for web1, got nothing. Write user@web1, or set username."),
      at(19, '[1]: expected roles=…, name=…, port=… or via=…, got "role=web". Did you mean "roles"?'),
      at(
        43,
        '[2].adress: expected one of address, port, name, username, via, certificate, document-root, roles, got "adress". Did you mean "address"?',
      ),
      at(59, "[3]: expected a host line, or a mapping with address, got a list"),
      at(64, `[4]: expected ${hostLine}, got "deploy@"`),
      at(84, '[5].address: expected a host name or IP address (letters, digits, dots, hyphens), got "-x"'),
    ]);
  });

  test("has a leader that is no host, or could be two", () => {
    expect(parse(file("hosts: [deploy@web1, deploy@web2]\n    leader: web3"))).toEqual([
      'deploy.yml:7:13 environments.production.leader: expected one of the hosts (web1, web2), got "web3". Did you mean "web1"?',
    ]);
    expect(parse(file("hosts: [deploy@web1:23, deploy@web1:24]\n    leader: web1"))).toEqual([
      'deploy.yml:7:13 environments.production.leader: expected one of the hosts (web1:23, web1:24), got "web1". ' +
        "Add the port: several hosts have this address.",
    ]);
  });

  test("lacks a role that a command asks for", () => {
    const hosts = "hosts: [deploy@web1 roles=web, deploy@web2 roles=worker]";
    expect(parse(file(hosts, "prepare: [{ run: x, roles: [wbe, worker] }]"))).toEqual([
      'deploy.yml:3:29 prepare[0].roles[0]: expected a role that a host has (web, worker), got "wbe". Did you mean "web"?',
    ]);
    expect(
      parse(
        file(
          hosts,
          'activate: { reload: [{ run: x, roles: [a] }], health: { url: "http://a", roles: [b] } }',
        ),
      ),
    ).toEqual([
      'deploy.yml:3:40 activate.reload[0].roles[0]: expected a role that a host has (web, worker), got "a"',
      'deploy.yml:3:82 activate.health.roles[0]: expected a role that a host has (web, worker), got "b"',
    ]);
  });

  test("would ask one server's address for all of them", () => {
    const health = (more: string, hosts = "[deploy@web1, deploy@web2]") =>
      parse(file(`hosts: ${hosts}`, `activate: { health: { url: "http://10.0.0.5:8080/up"${more} } }`));
    expect(health("")).toEqual([
      'deploy.yml:3:28 activate.health.url: expected an address that each of 2 hosts has itself, got "10.0.0.5". ' +
        "Write 127.0.0.1; where each host has this one (on its loopback, say), say so with `activate.health.address`.",
    ]);
    expect(health(", address: 10.0.0.5")).toMatchObject({ activate: { health: { address: "10.0.0.5" } } });
    expect(health("", "[deploy@web1]")).toMatchObject({ leader: "web1" });
    expect(health(", address: shop.example.com")).toEqual([
      'deploy.yml:3:64 activate.health.address: expected an IP address that each host has itself (127.0.0.1, ::1), got "shop.example.com"',
    ]);
  });

  test("may not all be canaries, and each must be one of them", () => {
    const canary = (names: string) =>
      parse(file("hosts: [deploy@web1, deploy@web2]", `activate: { canary: { hosts: [${names}] } }`));
    expect(canary("web2")).toMatchObject({ activate: { canary: { hosts: { names: ["web2"] } } } });
    expect(canary("web1, web2")).toEqual([
      "deploy.yml:3:30 activate.canary.hosts: expected hosts that leave somebody to follow them, got all hosts",
    ]);
    expect(canary("web1, web3")).toEqual([
      'deploy.yml:3:37 activate.canary.hosts[1]: expected one of the hosts (web1, web2), got "web3". Did you mean "web1"?',
    ]);
  });

  test("may have a role nobody names, when one host has every role", () => {
    const hosts = "hosts: [deploy@web1, deploy@web2 roles=worker]";
    expect(parse(file(hosts, "prepare: [{ run: x, roles: [web] }]"))).toMatchObject({ leader: "web1" });
  });

  test("is judged in the environments that are not deployed, too", () => {
    const text = file("hosts: [deploy@web1]\n  staging:\n    hosts: [web2, web2]\n    keep: 1");
    expect(parse(text, { environment: "production" })).toEqual([
      "deploy.yml:8:19 environments.staging.hosts[1]: expected each host once, got web2 again (first on line 8)",
      `deploy.yml:9:5 environments.staging.keep: expected one of ${topKeys}, url, hosts, leader, without, got "keep"`,
    ]);
    expect(parse(file('hosts: [deploy@web1]\n  "bad name": {}'), { environment: "production" })).toEqual([
      `deploy.yml:7:3 environments["bad name"]: expected ${name}, got "bad name"`,
    ]);
  });
});

describe("what is missing", () => {
  const all = `a mapping with ${topKeys}, environments`;

  test.each([
    ["", [`deploy.yml:1:1: expected ${all}, got nothing`]],
    ["- app", [`deploy.yml:1:1: expected ${all}, got a list`]],
    ["just words", [`deploy.yml:1:1: expected ${all}, got "just words"`]],
    [
      "source: .",
      [
        "deploy.yml:1:1 app: expected the app's name, got nothing",
        "deploy.yml:1:1 deploy-to: expected the app's folder on the hosts, got nothing",
        "deploy.yml:1:1 hosts: expected at least one host, got nothing",
      ],
    ],
    [
      "app: a\ndeploy-to: /srv/a\nenvironments:\n  production:\n    hosts: []",
      ["deploy.yml:5:5 environments.production.hosts: expected at least one host, got nothing"],
    ],
  ])("%j", (text, lines) => {
    expect(parse(text)).toEqual(lines);
  });

  test("everything at once, in the order of the file", () => {
    const text =
      "deploy-to: etc\nap: shop\nenvironments:\n  production: { hosts: [web1:0] }\nkeep-releases: x\n";
    expect(parse(text)).toEqual([
      "deploy.yml:1:1 app: expected the app's name, got nothing",
      `deploy.yml:1:12 deploy-to: expected ${folder}, got "etc"`,
      `deploy.yml:2:1 ap: expected one of ${topKeys}, environments, got "ap". Did you mean "app"?`,
      'deploy.yml:4:25 environments.production.hosts[0]: expected a port from 1 to 65535, got "0"',
      'deploy.yml:5:16 keep-releases: expected a whole number from 1 to 1000, got "x"',
    ]);
  });
});
