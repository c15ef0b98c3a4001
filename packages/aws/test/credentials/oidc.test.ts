import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { DeployError, Secret } from "@deploy/core";
import type { AwsKeys } from "@deploy/store";
import { afterEach, describe, expect, test } from "@jest/globals";
import { keyCredentials } from "../../src/credentials/keys.ts";
import { type OidcOptions, oidcCredentials } from "../../src/credentials/oidc.ts";
import { claims, role, tokenWith } from "../token.ts";

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

type Answer = readonly [status: number, xml: string];

/** Answers STS calls one after the other, the last again and again. */
async function sts(...answers: Answer[]): Promise<{ endpoint: string; asked: URLSearchParams[] }> {
  const asked: URLSearchParams[] = [];
  const server = createServer(async (request, response) => {
    let text = "";
    for await (const chunk of request) text += chunk;
    const [status, xml] = answers[Math.min(asked.length, answers.length - 1)] as Answer;
    asked.push(new URLSearchParams(text));
    response.writeHead(status, { "content-type": "text/xml" }).end(xml);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

const keysXml = (id: string, expiration: string): Answer => [
  200,
  `<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleWithWebIdentityResult><Credentials><AccessKeyId>${id}</AccessKeyId><SecretAccessKey>secret</SecretAccessKey><SessionToken>session</SessionToken><Expiration>${expiration}</Expiration></Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>`,
];
const errorXml = (status: number, code: string, message: string): Answer => [
  status,
  `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>r</RequestId></ErrorResponse>`,
];

const token = tokenWith(claims);
const noon = Date.UTC(2026, 0, 1, 12);
const minute = 60_000;
const oneOClock = "2026-01-01T13:00:00Z";

const optionsFor = (endpoint: string, more: Partial<OidcOptions> = {}): OidcOptions => ({
  role,
  sessionName: "shop production #7",
  endpoint,
  token: async () => token,
  now: () => noon,
  ...more,
});

const rejected = async (promise: Promise<unknown>) => {
  const error = await promise.then(
    () => new Error("was not rejected"),
    (reason: unknown) => reason,
  );
  if (!(error instanceof DeployError)) throw error;
  return error.problem;
};

describe("keys of a role", () => {
  test("come for the token, without any credentials", async () => {
    const { endpoint, asked } = await sts(keysXml("AKIA1", oneOClock));
    expect(await oidcCredentials(optionsFor(endpoint))()).toEqual({
      accessKeyId: "AKIA1",
      secretAccessKey: "secret",
      sessionToken: "session",
      expiration: new Date(oneOClock),
    });
    expect(asked.map((form) => Object.fromEntries(form))).toEqual([
      {
        Action: "AssumeRoleWithWebIdentity",
        Version: "2011-06-15",
        RoleArn: role,
        RoleSessionName: "shop-production--7",
        WebIdentityToken: token,
        DurationSeconds: "3600",
      },
    ]);
  });

  test("are kept until five minutes before their end, then asked for with a fresh token", async () => {
    const { endpoint, asked } = await sts(
      keysXml("AKIA1", oneOClock),
      keysXml("AKIA2", "2026-01-01T14:00:00Z"),
    );
    let time = noon;
    const fresh = [`${token}1`, `${token}2`];
    const seen: AwsKeys[] = [];
    const credentials = oidcCredentials(
      optionsFor(endpoint, {
        now: () => time,
        token: async () => fresh.shift() ?? "none left",
        onKeys: (keys) => seen.push(keys),
      }),
    );
    const ids: string[] = [];
    for (const at of [noon, noon + 54 * minute, noon + 55 * minute, noon + 60 * minute]) {
      time = at;
      ids.push((await credentials()).accessKeyId);
    }
    expect(ids).toEqual(["AKIA1", "AKIA1", "AKIA2", "AKIA2"]);
    expect(asked.map((form) => form.get("WebIdentityToken"))).toEqual([`${token}1`, `${token}2`]);
    expect(seen.map(({ accessKeyId }) => accessKeyId)).toEqual(["AKIA1", "AKIA2"]);
  });

  test("are asked for once, however many wait", async () => {
    const { endpoint, asked } = await sts(keysXml("AKIA1", oneOClock));
    const credentials = oidcCredentials(optionsFor(endpoint));
    const all = await Promise.all([credentials(), credentials(), credentials()]);
    expect(all.map(({ accessKeyId }) => accessKeyId)).toEqual(["AKIA1", "AKIA1", "AKIA1"]);
    expect(asked).toHaveLength(1);
  });

  test("live no longer than asked, whatever the server's clock says", async () => {
    const { endpoint } = await sts(keysXml("AKIA1", "2027-01-01T00:00:00Z"));
    expect((await oidcCredentials(optionsFor(endpoint))()).expiration).toEqual(new Date(oneOClock));
  });
});

describe("a refusal", () => {
  test("shows what the token says and the trust policy that lets it in, never the token", async () => {
    const { endpoint } = await sts(
      errorXml(403, "AccessDenied", `Not authorized to perform sts:AssumeRoleWithWebIdentity with ${token}`),
    );
    const { code, message, hint } = await rejected(oidcCredentials(optionsFor(endpoint))());
    expect([code, message]).toEqual([
      "store-role-refused",
      `AWS refused ${role}: AccessDenied (403): Not authorized to perform sts:AssumeRoleWithWebIdentity with [token]; the token says sub "repo:acme/shop:environment:production", aud "sts.amazonaws.com", iss "https://token.actions.githubusercontent.com"`,
    ]);
    expect(hint).toMatch(/^Make the identity provider in the account, .*: \{"Version":"2012-10-17",.*\}$/);
    expect(hint).toContain(
      '["repo:acme/shop:environment:production","repo:acme@123/shop@456:environment:production"]',
    );
  });

  test("of a token for somebody else says which audience to ask for", async () => {
    const { endpoint } = await sts(errorXml(400, "InvalidIdentityToken", "Incorrect token audience"));
    const other = tokenWith({ ...claims, aud: "https://github.com/acme" });
    const { hint } = await rejected(oidcCredentials(optionsFor(endpoint, { token: async () => other }))());
    expect(hint).toMatch(/^Ask for the token with the audience sts\.amazonaws\.com\. /);
  });

  test.each(["ExpiredTokenException", "IDPRejectedClaim", "ValidationError"])("%s is one", async (name) => {
    const { endpoint } = await sts(errorXml(400, name, "no"));
    expect(await rejected(oidcCredentials(optionsFor(endpoint))())).toMatchObject({
      code: "store-role-refused",
    });
  });

  test("of a token that is none says so", async () => {
    const { endpoint } = await sts(errorXml(400, "InvalidIdentityToken", "bad token ::error:: x"));
    const problem = await rejected(
      oidcCredentials(optionsFor(endpoint, { token: async () => "not.a-jwt" }))(),
    );
    expect(problem.message).toMatch(/; the token's claims cannot be read$/);
  });

  test("is not remembered: the next call asks again", async () => {
    const { endpoint } = await sts(errorXml(403, "AccessDenied", "not yet"), keysXml("AKIA1", oneOClock));
    const credentials = oidcCredentials(optionsFor(endpoint));
    await rejected(credentials());
    expect((await credentials()).accessKeyId).toBe("AKIA1");
  });

  test("before any call, where the role is no role", async () => {
    const { endpoint, asked } = await sts(keysXml("AKIA1", oneOClock));
    expect(await rejected(oidcCredentials(optionsFor(endpoint, { role: "deploy" }))())).toEqual({
      code: "store-role-refused",
      message: '"deploy" is no ARN of a role',
      hint: "Write it as `arn:aws:iam::123456789012:role/name`.",
      place: {},
    });
    expect(asked).toEqual([]);
  });
});

test("no answer is no refusal", async () => {
  const { endpoint } = await sts(keysXml("AKIA1", oneOClock));
  closers.pop()?.();
  const problem = await rejected(oidcCredentials(optionsFor(endpoint))());
  expect(problem).toMatchObject({ code: "store-failed" });
  expect(problem.message).toMatch(/^AWS did not answer whether arn:.* may be assumed: /);
});

test("a token that cannot be had is the caller's error", async () => {
  const failing = async () => {
    throw new DeployError("oidc-unavailable", "no id-token permission");
  };
  const credentials = oidcCredentials(optionsFor("http://127.0.0.1:1", { token: failing }));
  expect(await rejected(credentials())).toMatchObject({ code: "oidc-unavailable" });
});

test("keys that somebody wrote down", async () => {
  expect(await keyCredentials("AKIA", new Secret("s"))()).toEqual({
    accessKeyId: "AKIA",
    secretAccessKey: "s",
  });
  expect(await keyCredentials("AKIA", new Secret("s"), new Secret("t"))()).toEqual({
    accessKeyId: "AKIA",
    secretAccessKey: "s",
    sessionToken: "t",
  });
});
