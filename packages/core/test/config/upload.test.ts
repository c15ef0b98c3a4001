import { type Config, parseConfig, type Upload } from "@deploy/core";
import { describe, expect, test } from "@jest/globals";
import { around, inputs, parse, plain } from "./helpers.ts";

const defaults: Upload = {
  method: "artifact",
  unchanged: "copy",
  verify: "changed",
  compression: "auto",
  atOnce: 64,
  filter: [],
};
const store = { to: "s3://shop-releases/production", checksums: "crc32" } as const;
const phrase = "s3://bucket or s3://bucket/prefix, where hosts can fetch from";

const read = (part: string, overrides = {}): unknown => {
  const config = parse(around(`upload: ${part}`), overrides);
  return "upload" in config ? (config as Config).upload : config;
};

describe("upload", () => {
  test("nothing said: none", () => {
    expect(parse(around(""))).toEqual(plain);
  });

  test.each<[string, Partial<Upload>]>([
    ["{}", {}],
    ["artifact", {}],
    ["rsync", { method: "rsync" }],
    ["auto", { method: "auto" }],
    [
      "{ method: git, repository: https://git.example.com/shop.git }",
      { method: "git", repository: "https://git.example.com/shop.git" },
    ],
    [
      `{ method: git, repository: "deploy@git.example.com:shop.git", host-keys: ["git.example.com ssh-ed25519 AAAAC3Nz"] }`,
      {
        method: "git",
        repository: "deploy@git.example.com:shop.git",
        hostKeys: ["git.example.com ssh-ed25519 AAAAC3Nz"],
      },
    ],
    ["{ method: auto, store: s3://shop-releases/production }", { method: "auto", store }],
    ["{ method: pull, store: s3://shop-releases/production }", { method: "pull", store }],
    [
      "{ unchanged: link, verify: whole, compression: zstd, at-once: 1 }",
      { unchanged: "link", verify: "whole", compression: "zstd", atOnce: 1 },
    ],
    ["{ at-once: 1000, compression: none }", { atOnce: 1000, compression: "none" }],
    [
      "{ method: rsync, filter: [./.rsync-filter, ops/deploy rules] }",
      { method: "rsync", filter: [".rsync-filter", "ops/deploy rules"] },
    ],
    [
      "{ method: pull, store: s3://b, endpoint: https://s3.example.com, region: eu-central-1, path-style: true, checksums: when-required, role: 'arn:aws:iam::123456789012:role/deploy' }",
      {
        method: "pull",
        store: {
          to: "s3://b",
          endpoint: "https://s3.example.com",
          region: "eu-central-1",
          pathStyle: true,
          checksums: "when-required",
          role: "arn:aws:iam::123456789012:role/deploy",
        },
      },
    ],
  ])("%s", (part, changes) => {
    expect(read(part)).toEqual({ ...defaults, ...changes });
  });

  test("an environment's own replaces the file's as a whole; it is frozen", () => {
    const text =
      "app: shop\ndeploy-to: /srv/shop\nupload: { method: rsync, unchanged: link }\n" +
      "environments: { production: { hosts: [deploy@web1], upload: { at-once: 4 } } }\n";
    const { upload } = parseConfig(text, { file: "f" });
    expect([upload, Object.isFrozen(upload), Object.isFrozen(upload?.filter)]).toEqual([
      { ...defaults, atOnce: 4 },
      true,
      true,
    ]);
  });

  test.each<[string, ...string[]]>([
    ["rsnc", '3:9 upload: expected one of auto, artifact, rsync, pull, git, got "rsnc"'],
    ["4", "3:9 upload: expected one of auto, artifact, rsync, pull, git, got 4"],
    ["{ method: push }", '3:19 upload.method: expected one of auto, artifact, rsync, pull, git, got "push"'],
    ["{ unchanged: move }", '3:22 upload.unchanged: expected one of copy, link, got "move"'],
    ["{ verify: none }", '3:19 upload.verify: expected one of changed, whole, got "none"'],
    ["{ compression: xz }", '3:24 upload.compression: expected one of auto, zstd, gzip, none, got "xz"'],
    ["{ at-once: 0 }", "3:20 upload.at-once: expected a whole number from 1 to 1000, got 0"],
    ["{ at-once: 1001 }", "3:20 upload.at-once: expected a whole number from 1 to 1000, got 1001"],
    [
      "{ atOnce: 4 }",
      "3:11 upload.atOnce: expected one of method, unchanged, verify, compression, at-once, filter, repository, host-keys, store, endpoint, " +
        'region, path-style, checksums, sse, sse-kms-key-id, role, got "atOnce". Did you mean "at-once"?',
    ],
    ["{ filter: .rsync-filter }", '3:19 upload.filter: expected a list of files, got ".rsync-filter"'],
    ...["../x", "/etc/filter", ".", "rules/", "-x", "a//b"].map(
      (path) =>
        [
          `{ filter: [a, "${path}"] }`,
          `3:23 upload.filter[1]: expected a file of the repository, as a relative path without .., got "${path}"`,
        ] as [string, string],
    ),
    ["pull", `3:1 upload.store: expected ${phrase}, got nothing`],
    ["{ method: pull }", `3:1 upload.store: expected ${phrase}, got nothing`],
    ...[
      "./releases",
      "/mnt/releases",
      "s3://",
      "https://b.example.com/x",
      "s3://b/p?x=1",
      "s3://user:pw@b",
    ].map(
      (to) =>
        [
          `{ method: pull, store: "${to}" }`,
          `3:32 upload.store: expected ${phrase}, got "${to.replace("user:pw", "…")}"`,
        ] as [string, string],
    ),
    [
      "{ method: rsync, store: s3://b }",
      '3:26 upload.store: expected method: pull or auto beside a store, got "rsync". No other method uses a store.',
    ],
    [
      "{ store: s3://b }",
      "3:11 upload.store: expected method: pull or auto beside a store, got nothing. No other method uses a store.",
    ],
    ["{ method: auto, region: eu-central-1 }", "3:25 upload.region: expected a store beside it, got nothing"],
  ])("%s is refused", (part, ...lines) => {
    expect(read(part)).toEqual(lines.map((line) => `deploy.yml:${line}`));
  });

  test("every environment's is judged, but what an input may still bring", () => {
    const text = (method: string): string =>
      "app: shop\ndeploy-to: /srv/shop\nenvironments:\n  production: { hosts: [deploy@web1] }\n" +
      `  staging: { hosts: [deploy@web2], upload: { method: ${method} } }\n`;
    const overrides = { environment: "production" };
    expect(parse(text("pull"), overrides)).toMatchObject({ environment: "production" });
    expect(parse(text("rsync, store: s3://b"), overrides)).toEqual([
      'deploy.yml:5:61 environments.staging.upload.store: expected method: pull or auto beside a store, got "rsync". ' +
        "No other method uses a store.",
    ]);
  });
});

describe("upload by inputs", () => {
  const base = { deployTo: "/srv/shop", hosts: "deploy@web1" };

  test("they suffice, one filter file per line", () => {
    const said = {
      uploadMethod: "pull",
      uploadStore: "s3://shop-releases/production",
      uploadFilter: "# ours\n.rsync-filter\n\nops/rules\n",
    };
    expect(inputs({ ...base, ...said })).toEqual({
      ...plain,
      upload: { ...defaults, method: "pull", store, filter: [".rsync-filter", "ops/rules"] },
    });
  });

  test("they win over the file, value by value, also over a word", () => {
    const file = "{ method: pull, store: s3://a, at-once: 3 }";
    expect([
      read(file, { uploadMethod: "artifact" }),
      read(file, { uploadStore: "s3://b" }),
      read("rsync", { uploadFilter: ".f" }),
      read("rsync", { uploadMethod: "pull", uploadStore: "s3://b" }),
    ]).toEqual([
      { ...defaults, atOnce: 3 },
      { ...defaults, method: "pull", atOnce: 3, store: { to: "s3://b", checksums: "crc32" } },
      { ...defaults, method: "rsync", filter: [".f"] },
      { ...defaults, method: "pull", store: { to: "s3://b", checksums: "crc32" } },
    ]);
  });

  test("what is wrong is named as the input it is", () => {
    expect(inputs({ ...base, uploadMethod: "ftp", uploadFilter: "a\n../b" })).toEqual([
      'input upload-method: expected one of auto, artifact, rsync, pull, git, got "ftp"',
      'input upload-filter:2: expected a file of the repository, as a relative path without .., got "../b"',
    ]);
    expect(inputs({ ...base, uploadMethod: "pull" })).toEqual([
      `input upload-store: expected ${phrase}, got nothing`,
    ]);
    expect(read("rsync", { uploadStore: "s3://b" })).toEqual([
      'input upload-store: expected method: pull or auto beside a store, got "rsync". No other method uses a store.',
    ]);
  });
});

describe("keep-for", () => {
  test.each<[string, number]>([
    ["1s", 1000],
    ["10m", 600_000],
    ["24h", 86_400_000],
  ])("%s", (written, keepFor) => {
    expect(parse(around(`keep-for: ${written}`))).toEqual({ ...plain, keepFor });
  });

  test("needs its unit", () => {
    expect(parse(around("keep-for: 10"))).toEqual([
      "deploy.yml:3:11 keep-for: expected a duration with its unit, from 1ms to 24h (500ms, 30s, 10m, 1h), got 10. " +
        'Write "10s" for 10 seconds.',
    ]);
  });
});
