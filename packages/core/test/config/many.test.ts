import { expect, test } from "@jest/globals";
import { type DeployErrors, parseAssets, parseConfig } from "../../src/index.ts";

const previews = (environment = "preview-*", more = ""): string => `app: shop
deploy-to: /srv/shop
activate: { reload: ["echo {environment}"] }
environments:
  production: { hosts: [deploy@web1.example.com] }
  ${environment}:
    hosts: [deploy@preview.example.com]
    deploy-to: /srv/previews/{environment}
    url: https://{environment}.example.com
    activate:
      reload: ["systemctl --user restart shop@{environment}"]
      health: { url: "http://127.0.0.1/up" }
${more}`;

const config = (environment: string | undefined, text = previews()) =>
  parseConfig(text, { file: "deploy.yml", environment });

function problems(environment: string | undefined, text?: string): readonly string[] {
  try {
    config(environment, text);
    return [];
  } catch (error) {
    return (error as DeployErrors).problems.map(({ code, message, hint = "" }) =>
      `${code}: ${message} ${hint}`.trim(),
    );
  }
}

test("a name that begins so is one of many, and stands where {environment} is written", () => {
  const { environment, deployTo, url, activate } = config("preview-12");
  expect([environment, deployTo, url]).toEqual([
    "preview-12",
    "/srv/previews/preview-12",
    "https://preview-12.example.com",
  ]);
  expect(activate.reload.map(({ run }) => run)).toEqual(["systemctl --user restart shop@preview-12"]);
});

test("elsewhere nothing is replaced, and a name of its own is that one", () => {
  expect(config("production").activate.reload.map(({ run }) => run)).toEqual(["echo {environment}"]);
  const own = "  preview-main: { hosts: [deploy@main.example.com], deploy-to: /srv/main }\n";
  expect(config("preview-main", previews("preview-*", own)).deployTo).toBe("/srv/main");
  const longer = "  preview-eu-*: { hosts: [deploy@eu.example.com], deploy-to: '/srv/eu/{environment}' }\n";
  expect(config("preview-eu-1", previews("preview-*", longer)).deployTo).toBe("/srv/eu/preview-eu-1");
});

test("parts that are read alone know it too", () => {
  const assets = "    assets: { publish: 's3://assets/{environment}' }\n";
  const read = parseAssets(previews("preview-*", assets), { file: "deploy.yml", environment: "preview-7" });
  expect(read?.publish?.store.to).toBe("s3://assets/preview-7");
});

test.each([
  ["preview-", 'config-environment: expected one of production, preview-*, got "preview-"'],
  ["preview-*", "config-environment: expected a name in the place of preview-*, such as preview-1"],
  [
    "preview-a/b",
    'config-environment: expected a name of letters, digits and . _ - (at most 64, starting with a letter or digit), got "preview-a/b"',
  ],
  [
    "preview-$(id)",
    'config-environment: expected a name of letters, digits and . _ - (at most 64, starting with a letter or digit), got "preview-$(id)"',
  ],
])("%s is refused", (environment, told) => {
  expect(problems(environment)).toEqual([expect.stringContaining(told)]);
});

test("many that would share a folder are refused before there are two", () => {
  const text = previews().replace("previews/{environment}", "preview");
  const told = [
    "config-conflict: expected a deploy-to of its own for each environment, got /srv/preview on preview.example.com for preview-1 and preview-2 Write {environment} into it: it stands for the name, preview-2, say.",
  ];
  expect([problems("preview-3", text), problems("production", text)]).toEqual([told, told]);
});

test("one that stands for many is named, also where it is the only one; a star stands at the end", () => {
  const only = previews().replace(/^ {2}production.*\n/m, "");
  expect(problems(undefined, only)).toEqual([expect.stringContaining("expected an environment to be named")]);
  expect(problems("production", previews('"*-preview"'))[0]).toContain("config-invalid");
});
