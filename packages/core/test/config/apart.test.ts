import { describe, expect, test } from "@jest/globals";
import { parse } from "./helpers.ts";

const file = (production: string, staging: string, top = "") => `app: shop
deploy-to: /srv/shop
${top}environments:
  production: { hosts: [deploy@web1, deploy@web2], ${production} }
  staging: { hosts: [deploy@web2, deploy@web3], ${staging} }
`;
const asked = { environment: "production" };

describe("environments that would replace each other's releases", () => {
  test.each([
    ["one folder on a host of both", "leader: web1", "leader: web2"],
    ["one home folder of one login", "deploy-to: ~/shop", "deploy-to: ~/shop"],
  ])("%s is refused, whichever is asked for", (_, production, staging) => {
    for (const environment of ["production", "staging"]) {
      expect(parse(file(production, staging), { environment })).toEqual([
        expect.stringMatching(
          /^deploy\.yml:\d+:\d+ \S*deploy-to: expected a deploy-to of its own for each environment, got \S+\/shop on (?:deploy@)?web2 for production and staging$/,
        ),
      ]);
    }
  });

  test("a folder, a host, a port or a login of its own is one", () => {
    for (const staging of [
      "deploy-to: /srv/staging",
      "hosts: [deploy@web3]",
      'hosts: ["deploy@web2:2222"]',
      "username: other, hosts: [web2], deploy-to: ~/shop",
    ]) {
      const own = staging.includes("hosts") ? staging : `hosts: [deploy@web2], ${staging}`;
      const production = staging.includes("~") ? "deploy-to: ~/shop" : "leader: web1";
      const text = file(production, "").replace(/ {2}staging: .*/, `  staging: { ${own} }`);
      expect(parse(text, asked)).toMatchObject({ environment: "production" });
    }
  });

  test("an input that moves the one that is asked for is believed", () => {
    expect(parse(file("leader: web1", "leader: web2"), { ...asked, deployTo: "/srv/other" })).toMatchObject({
      deployTo: "/srv/other",
    });
  });
});

test("environments that would remove what the other one published", () => {
  const apart = ["deploy-to: /srv/a", "deploy-to: /srv/b"] as const;
  const publish = (to: string) => `assets: { publish: "${to}" }`;
  expect(parse(file(...apart, `${publish("s3://cdn/shop")}\n`), asked)).toEqual([
    expect.stringContaining(
      "assets.publish: expected a place of its own to publish to for each environment, got s3://cdn/shop for production and staging",
    ),
  ]);
  const own = apart.map((part, index) => `${part}, ${publish(`s3://cdn/${index}`)}`) as [string, string];
  expect(parse(file(...own), asked)).toMatchObject({ environment: "production" });
});
