import { credentialsOf, parseConfig, plan } from "@deploy/core";
import { expect, test } from "@jest/globals";
import { checkCredentials, renderCredentials } from "../../actions/plan/src/credentials.ts";
import { deployRequest, fleetOf } from "../../packages/core/test/fixtures.ts";

const role = "role: arn:aws:iam::123456789012:role/deploy";

const tools = { tar: true, gzip: true, sha256sum: true, curl: true };

function needed(text: string) {
  const config = parseConfig(
    `app: shop\ndeploy-to: /srv/shop\nmigrate: x\n${text}\nenvironments: { production: { hosts: [web1, web2, web3] } }\n`,
    { file: "deploy.yml", environment: "production", overrides: { username: "deploy" } },
  );
  return credentialsOf(plan(config, fleetOf({ tools }), deployRequest()));
}

const names = (text: string) => needed(text).map(({ name }) => name);
const database = (more: string) => `backup: { database: postgres, url-secret: SHOP_DB, ${more} }`;

test("a plan names what its stores and its database need, and nothing else", () => {
  expect(names("")).toEqual([]);
  expect(names("backup: { database: sqlite, path: db/a.sqlite3 }")).toEqual([]);
  expect(names(database("store: backups"))).toEqual(["database-url"]);
  expect(names(database("store: 's3://shop'"))).toEqual(["database-url", "aws-keys"]);
  expect(names(database(`store: 's3://shop', ${role}`))).toEqual(["database-url", "id-token"]);
  expect(names(`assets: { publish: 's3://cdn', ${role} }\n${database("store: 's3://shop'")}`)).toEqual([
    "database-url",
    "aws-keys",
    "id-token",
  ]);
  expect(names("upload: { method: pull, store: 's3://shelf' }")).toEqual(["aws-keys"]);
  expect(names("upload: { method: artifact }")).toEqual([]);
});

test("a role where no token can be asked for is refused before the approval", () => {
  const credentials = needed(database(`store: 's3://shop', ${role}`));
  const problems = (...given: readonly string[]) =>
    checkCredentials(credentials, given).map(({ code, hint }) => [code, hint]);
  expect(problems("id-token=false", "aws-keys=false")).toEqual([
    ["oidc-unavailable", expect.stringMatching(/deploy-oidc\.yml.*`id-token: write`/)],
  ]);
  expect([problems(), problems("id-token=true"), problems("id-token=false", "aws-keys=true")]).toEqual([
    [],
    [],
    [],
  ]);
});

const secret = `\${{ secrets.SHOP_DB }}`;

test("what the plan cannot see is no refusal: the reviewer reads the line that gives it", () => {
  const credentials = needed(database("store: 's3://shop'"));
  const page = (...given: readonly string[]) => renderCredentials(credentials, given, "production");
  const unseen = page("database-url=false", "aws-keys=true", "id-token=false");
  expect(unseen).toContain("of the environment `production` alone");
  expect(unseen).toContain(`- for the backup: \`DATABASE_URL: ${secret}\`\n`);
  expect(unseen).not.toContain("AWS");
  expect(page("database-url=true", "aws-keys=true", "id-token=false")).toBe("");
  expect(page()).toContain(`\`database-url: ${secret}\``);
});
