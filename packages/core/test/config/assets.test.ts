import { describe, expect, test } from "@jest/globals";
import { type Assets, DeployErrors, formatConfigProblem, parseAssets, parseConfig } from "../../src/index.ts";

const defaults: Assets = {
  source: "assets",
  output: "public/assets",
  build: "auto",
  loadPaths: [],
  minify: true,
  html: false,
  fingerprint: "auto",
  keep: [],
  sourceMaps: "keep",
  manifests: ["json"],
  precompress: [],
  bridge: 3,
};
const day = 86_400_000;

function problems(text: string | undefined, overrides = {}): readonly string[] {
  try {
    parseAssets(text, { file: "deploy.yml", overrides });
  } catch (error) {
    if (error instanceof DeployErrors) return error.problems.map(formatConfigProblem);
    throw error;
  }
  return [];
}

describe("assets of a file", () => {
  test("nothing said: nothing to build", () => {
    expect(parseAssets("app: shop\n", { file: "deploy.yml" })).toBeUndefined();
    expect(parseAssets(undefined, { file: "deploy.yml" })).toBeUndefined();
  });

  test("an empty mapping: the defaults", () => {
    expect(parseAssets("assets: {}\n", { file: "deploy.yml" })).toEqual(defaults);
  });

  test("every key", () => {
    const text = `
assets:
  source: ./styles/
  output: public/build
  build: npm run build
  load-paths: [vendor/scss]
  minify: false
  html: true
  fingerprint: none
  keep: [lib/, img/mail-*.png]
  source-maps: publish
  manifests: [vite, django]
  precompress: [gzip, br, zstd]
  base-url: https://cdn.example.com/shop
  bridge: 5
  publish: s3://cdn-bucket/shop
  endpoint: https://s3.example.com
  region: eu-central-1
  path-style: true
  checksums: when-required
  role: arn:aws:iam::123456789012:role/deploy
  keep-releases: 7
  keep-for: 36h
  cloudfront: E2QWRUHAPOMQZL
`;
    expect(parseAssets(text, { file: "deploy.yml" })).toEqual({
      source: "styles",
      output: "public/build",
      build: "npm run build",
      loadPaths: ["vendor/scss"],
      minify: false,
      html: true,
      fingerprint: "none",
      keep: ["lib/", "img/mail-*.png"],
      sourceMaps: "publish",
      manifests: ["vite", "django"],
      precompress: ["gzip", "br", "zstd"],
      baseUrl: "https://cdn.example.com/shop",
      bridge: 5,
      publish: {
        store: {
          to: "s3://cdn-bucket/shop",
          endpoint: "https://s3.example.com",
          region: "eu-central-1",
          pathStyle: true,
          checksums: "when-required",
          role: "arn:aws:iam::123456789012:role/deploy",
        },
        keepReleases: 7,
        keepFor: 1.5 * day,
        cloudfront: "E2QWRUHAPOMQZL",
      },
    });
  });

  test("an environment's own replaces the file's as a whole", () => {
    const text = "assets: { minify: false }\nenvironments:\n  staging: { assets: { html: true } }\n";
    expect(parseAssets(text, { file: "deploy.yml" })).toEqual({ ...defaults, minify: false });
    expect(parseAssets(text, { file: "deploy.yml", environment: "staging" })).toEqual({
      ...defaults,
      html: true,
    });
  });

  test("they are part of the whole config", () => {
    const text =
      "app: shop\ndeploy-to: /var/www/shop\nassets: { bridge: 2 }\nenvironments: { production: { hosts: [deploy@web1] } }\n";
    expect(parseConfig(text, { file: "deploy.yml" }).assets).toEqual({ ...defaults, bridge: 2 });
  });
});

describe("assets of inputs", () => {
  test("inputs win over the file, and suffice", () => {
    const overrides = { source: "web", manifests: "mix\njson\n", minify: "false", publish: "s3://b" };
    expect(
      parseAssets("assets: { source: assets, html: true }\n", { file: "deploy.yml", overrides }),
    ).toEqual({
      ...defaults,
      source: "web",
      html: true,
      minify: false,
      manifests: ["mix", "json"],
      publish: { store: { to: "s3://b", checksums: "crc32" }, keepReleases: 5, keepFor: 30 * day },
    });
    expect(parseAssets(undefined, { file: "deploy.yml", overrides: { html: "true" } })).toEqual({
      ...defaults,
      html: true,
    });
  });
});

describe("refused, by place", () => {
  test.each([
    ["assets: { sorce: x }", "deploy.yml:1:11 assets.sorce: "],
    ["assets: { source: ../x }", "deploy.yml:1:19 assets.source: expected a folder of the repository"],
    ["assets: { keep-for: 30 }", "deploy.yml:1:21 assets.keep-for: expected an age"],
    ["assets: { keep-for: 4000d }", "deploy.yml:1:21 assets.keep-for: expected an age"],
    ["assets: { cloudfront: no-id }", "deploy.yml:1:23 assets.cloudfront: expected the id of a CloudFront"],
    ["assets: { role: admin }", "deploy.yml:1:17 assets.role: expected the ARN of a role"],
    ["assets: { manifests: [rails] }", "deploy.yml:1:23 assets.manifests[0]: expected one of json, vite"],
    ["assets: { base-url: 'https://u:p@x' }", "deploy.yml:1:21 assets.base-url: expected an http"],
    ["assets: [", "deploy.yml:1:9"],
  ])("%s", (text, expected) => {
    expect(problems(`${text}\n`)).toEqual([expect.stringContaining(expected)]);
  });

  test("an input is named as the input it is", () => {
    expect(problems(undefined, { keepFor: "x", sourceMaps: "yes" })).toEqual([
      expect.stringContaining("input source-maps"),
      expect.stringContaining("input keep-for"),
    ]);
  });
});
