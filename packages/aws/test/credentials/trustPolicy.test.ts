import { expect, test } from "@jest/globals";
import { readClaims } from "../../src/credentials/claims.ts";
import { isRoleArn, trustPolicy } from "../../src/credentials/trustPolicy.ts";
import { claims, role, tokenWith } from "../token.ts";

test("the trust policy lets this token in, and the same job with the other form of the subject", () => {
  expect(JSON.parse(trustPolicy(role, readClaims(tokenWith(claims))))).toEqual({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: {
          Federated: "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com",
        },
        Action: "sts:AssumeRoleWithWebIdentity",
        Condition: {
          StringEquals: {
            "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
            "token.actions.githubusercontent.com:sub": [
              "repo:acme/shop:environment:production",
              "repo:acme@123/shop@456:environment:production",
            ],
          },
        },
      },
    ],
  });
});

test("another partition and a GitHub Enterprise server have their own provider", () => {
  const policy = trustPolicy("arn:aws-us-gov:iam::210987654321:role/x/y", {
    iss: "https://ghes.example.com/_services/token",
    sub: "repo:a/b:ref:refs/heads/main",
  });
  expect(policy).toContain("arn:aws-us-gov:iam::210987654321:oidc-provider/ghes.example.com/_services/token");
  expect(policy).toContain('"ghes.example.com/_services/token:sub":["repo:a/b:ref:refs/heads/main"]');
});

test("without claims it shows what to fill in", () => {
  expect(trustPolicy("no role", {})).toContain("repo:OWNER/REPOSITORY:environment:ENVIRONMENT");
});

test.each([
  [role, true],
  ["arn:aws-cn:iam::123456789012:role/team/deploy", true],
  ["deploy", false],
  ["arn:aws:iam::123456789012:user/deploy", false],
  ["arn:aws:iam::12345:role/deploy", false],
  [`${role}\n`, false],
])("%j is a role: %p", (text, is) => {
  expect(isRoleArn(text)).toBe(is);
});
