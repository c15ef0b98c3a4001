import { describe, expect, test } from "@jest/globals";
import { around, parse } from "./helpers.ts";

describe("a text that is no YAML", () => {
  const bomb =
    "a: &a [1,1,1,1,1,1,1,1]\nb: &b [*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c]\n";

  test.each([
    ["a: 0\nb: [1,\n\n\nc: 2", ["2:4: expected an end for the [ here, got none up to line 5"]],
    [
      "a: {b: [1, {c: 2]\nd: [3]",
      [
        "1:12: expected an end for the { here, got none up to line 1",
        "1:8: expected an end for the [ here, got none up to line 1",
        "1:4: expected an end for the { here, got none up to line 1",
      ],
    ],
    ["a: 'x\nb: 1\nc: 2", ["1:4: expected an end for the ' here, got none up to line 3"]],
    [
      "app: a\napp: b\nenvironments: {x: {}, x: {}}",
      ['2:1: expected each key once, got "app" again', '3:23: expected each key once, got "x" again'],
    ],
    [
      "app: !!js/function x",
      ["1:6: expected valid YAML, got: Unresolved tag: tag:yaml.org,2002:js/function"],
    ],
    ["a: [*one, 1]\n", ['1:5: expected an anchor before its use, got "*one"']],
    [
      "a: 1\n---\nb: 2",
      [
        "2:1: expected valid YAML, got: Source contains multiple documents; please use YAML.parseAllDocuments()",
      ],
    ],
    [bomb, ["1:1: expected at most 100 uses of an anchor, got more"]],
    ["[".repeat(20_000), ["1:1: expected mappings and lists nested a few levels deep, got far more"]],
    ["x".repeat(300_000), ["1:1: expected at most 262144 characters, got 300000"]],
  ])("%.30s", (text, lines) => {
    expect(parse(text)).toEqual(lines.map((line) => `deploy.yml:${line}`));
  });
});

describe("positions", () => {
  test("count lines that end in CRLF, and start after a byte order mark", () => {
    const text = `\ufeff${around("keep-releases: x").replaceAll("\n", "\r\n")}`;
    expect(parse(text)).toEqual([
      'deploy.yml:3:16 keep-releases: expected a whole number from 1 to 1000, got "x"',
    ]);
  });

  test("of a value behind an anchor are where it is written", () => {
    const text = `
app: shop
deploy-to: /srv/shop
activate: &a { health: { url: nowhere } }
environments:
  production:
    hosts: [deploy@web1]
    activate: { <<: *a, reload: [x] }
`;
    const said = 'expected an http:// or https:// URL without user and password, got "nowhere"';
    expect(parse(text)).toEqual([
      `deploy.yml:4:31 activate.health.url: ${said}`,
      `deploy.yml:4:31 environments.production.activate.health.url: ${said}`,
    ]);
  });
});
